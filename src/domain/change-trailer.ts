import type { ValueChange, ValueKind } from './value.ts';

/** Whole folders may move; the commit itself has all of them. */
const MOST_CHANGES = 50;
const LONGEST = 500;

const KINDS: readonly string[] = [
  'image',
  'remote-base',
  'chart',
  'helm',
  'argocd',
  'flux',
  'field',
  'file',
] satisfies ValueKind[];

/** Values that move, each as the text of a trailer. What does not fit is left out. */
export function formatChanges(changes: readonly ValueChange[]): string[] {
  return changes
    .map(formatChange)
    .filter((text) => text.length <= LONGEST)
    .slice(0, MOST_CHANGES);
}

/** What a trailer says that moves; null when it is not as `formatChanges` writes it. */
export function parseChange(text: string): ValueChange | null {
  const fields = parseList(text);
  if (fields?.length !== 5) return null;
  const [kind, name, part, from, to] = fields;
  if (!isKind(kind) || typeof name !== 'string' || typeof part !== 'string') return null;
  return isValue(from) && isValue(to) ? { kind, name, part, from, to } : null;
}

/** In ASCII, without what GitHub takes for a mention or for a reference to an issue that a merge closes. */
function formatChange({ kind, name, part, from, to }: ValueChange): string {
  return JSON.stringify([kind, name, part, from, to]).replace(
    /[@#<>&`]|[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parseList(text: string): unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isKind(kind: unknown): kind is ValueKind {
  return typeof kind === 'string' && KINDS.includes(kind);
}

function isValue(value: unknown): value is string | null {
  return typeof value === 'string' || value === null;
}
