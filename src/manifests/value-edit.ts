import type { ManifestProblem, Occurrence, ValueKind } from '../domain/value.ts';

/** One place of one file, and what is to stand there instead. */
export interface ValueEdit {
  occurrence: Occurrence;
  kind: ValueKind;
  part: string;
  /** What must still stand there; null when the key is not there yet: it is inserted. */
  from: string | null;
  /** Null to remove the key. With another key inserted in the same mapping, the key is renamed in its place. */
  to: string | null;
  /** `name` of the list entry that is added when the address leads behind the last one. */
  name?: string;
}

export type WriteResult = { ok: true; text: string } | { ok: false; problems: ManifestProblem[] };
