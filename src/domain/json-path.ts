const STEP = /(?:^|\.)([A-Za-z_$][\w$-]*)|\[(0|[1-9]\d{0,5})\]/y;

/** Steps of a path such as `status.components[0].state`; null when it is none. */
export function parseJsonPath(text: string): (string | number)[] | null {
  if (text.startsWith('.')) return null;
  const steps: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (!match) return null;
    const [, key, index] = match;
    steps.push(key ?? Number(index));
  }
  return steps.length > 0 ? steps : null;
}

/** What stands at a path of parsed JSON; undefined when nothing does. Never what an object inherits. */
export function valueAt(json: unknown, steps: readonly (string | number)[]): unknown {
  let value = json;
  for (const step of steps) {
    const isHeld =
      typeof step === 'number'
        ? Array.isArray(value)
        : typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isHeld || !Object.hasOwn(value as object, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
