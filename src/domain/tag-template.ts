/** What an event of a CI tells of a build. */
export interface BuildFacts {
  sha: string | null;
  /** Name of the release or its tag. */
  release: string | null;
  payload: Record<string, unknown>;
}

/** What registries take as a tag or a digest; anything else from an event is refused. */
const SAFE = /^(?:[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}|sha256:[0-9a-f]{64})$/;

/**
 * Fills `{sha}`, `{short_sha}`, `{release}` and `{payload.FIELD}` of a tag template; null when the event does not tell
 * what it needs, or when the result is no tag or digest.
 */
export function fillTemplate(template: string, { sha, release, payload }: BuildFacts): string | null {
  let isWhole = true;
  const text = template.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = lookUp(name, sha, release, payload);
    if (value === null) isWhole = false;
    return value ?? '';
  });
  return isWhole && SAFE.test(text) ? text : null;
}

function lookUp(
  name: string,
  sha: string | null,
  release: string | null,
  payload: Record<string, unknown>,
): string | null {
  if (name === 'sha') return sha;
  if (name === 'short_sha') return sha?.slice(0, 7) ?? null;
  if (name === 'release') return release;
  if (!name.startsWith('payload.')) return null;
  let value: unknown = payload;
  for (const key of name.slice('payload.'.length).split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  sha: '(?<sha>[0-9a-f]{40})',
  short_sha: '(?<short>[0-9a-f]{7})',
  release: '(?<release>[A-Za-z0-9_][A-Za-z0-9_.+-]*)',
};

/** The commit or release that a tag of this template was made of; null when it does not tell, or is none of it. */
export function readTemplate(template: string, tag: string): string | null {
  if (!SAFE.test(tag)) return null;
  const used = new Set<string>();
  const pattern = template.replace(/\{([^{}]+)\}|[^{}]+|[{}]/g, (part, name: string | undefined) => {
    if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const known = Object.hasOwn(PLACEHOLDERS, name) && !used.has(name) ? PLACEHOLDERS[name]! : null;
    used.add(name);
    return known ?? '[A-Za-z0-9_.+-]+';
  });
  const { sha, release, short } = new RegExp(`^${pattern}$`).exec(tag)?.groups ?? {};
  return sha ?? release ?? short ?? null;
}
