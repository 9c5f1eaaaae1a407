import {
  type HeldValue,
  type HeldValues,
  type ManifestProblem,
  type Occurrence,
  valueKey,
} from '../domain/value.ts';

/** Takes in what is read, place by place. */
export interface ValueCollector {
  add(value: Omit<HeldValue, 'occurrences'>, occurrence: Occurrence): void;
  report(problem: ManifestProblem): void;
  /** Places with one value together, places that disagree as ambiguous; in the order of their keys. */
  result(): HeldValues;
}

type Held = Omit<HeldValue, 'value' | 'occurrences' | 'allow'> & {
  values: Map<string, Occurrence[]>;
  allow: Set<string>;
};

/** Takes in the values of a rule with the constraints that it has. */
export function withAllow(collector: ValueCollector, allow: readonly string[]): ValueCollector {
  if (allow.length === 0) return collector;
  return { ...collector, add: (value, occurrence) => collector.add({ ...value, allow }, occurrence) };
}

export function createCollector(): ValueCollector {
  const held = new Map<string, Held>();
  const seen = new Set<string>();
  const problems = new Map<string, ManifestProblem>();
  return {
    add({ kind, name, part, value, allow }, occurrence) {
      const key = valueKey({ kind, name, part });
      const place = JSON.stringify([key, occurrence.path, occurrence.document, occurrence.address]);
      const entry = held.get(key) ?? { kind, name, part, values: new Map(), allow: new Set() };
      held.set(key, entry);
      for (const constraint of allow ?? []) entry.allow.add(constraint);
      // Rules that overlap read one place twice.
      if (seen.has(place)) return;
      seen.add(place);
      entry.values.set(value, [...(entry.values.get(value) ?? []), occurrence]);
    },
    report(problem) {
      problems.set(JSON.stringify([problem.path, problem.line, problem.message]), problem);
    },
    result: () => ({ ...splitAmbiguous(held), problems: [...problems.values()] }),
  };
}

function splitAmbiguous(held: Map<string, Held>): Pick<HeldValues, 'values' | 'ambiguous'> {
  const result: Pick<HeldValues, 'values' | 'ambiguous'> = { values: [], ambiguous: [] };
  for (const key of [...held.keys()].sort()) {
    const { kind, name, part, values, allow } = held.get(key)!;
    const constraints = allow.size > 0 ? { allow: [...allow] } : {};
    const places = [...values].map(([value, occurrences]) => ({ value, occurrences }));
    const [only] = places;
    if (places.length === 1 && only) result.values.push({ kind, name, part, ...only, ...constraints });
    else result.ambiguous.push({ kind, name, part, values: places });
  }
  return result;
}
