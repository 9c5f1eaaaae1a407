/** What kind of thing a promoted value is. With `name` and `part` it says which value it is, wherever it stands. */
export type ValueKind = 'image' | 'remote-base' | 'field' | 'file';

/** One place in one file that holds a promoted value. */
export interface Occurrence {
  /** Repository-relative path. */
  path: string;
  /** 1-based. */
  line: number;
  /** Index of the YAML document in the file. */
  document: number;
  /** Keys and indexes that lead from the document's root to the scalar. Empty for a whole file. */
  address: readonly (string | number)[];
}

/**
 * A value that a target holds and that promotions may move.
 *
 * - `image`: `name` is the `name` of the kustomize image entry, `part` is `newTag`, `digest` or `newName`.
 * - `remote-base`: `name` is the repository of the URL (`github.com/acme/checkout`), `part` is `ref`.
 * - `field`: `name` is the file pattern of the rule (empty when the target is a file), `part` the YAML path.
 * - `file`: `name` is the path below the target's root, `part` is `content`; the value is `MODE BLOB_SHA`.
 */
export interface HeldValue {
  kind: ValueKind;
  name: string;
  part: string;
  value: string;
  /** Every place in the target that holds it; all of them are written. At least one. */
  occurrences: Occurrence[];
}

/** Two places of one target that should hold the same value, and do not. */
export interface AmbiguousValue {
  kind: ValueKind;
  name: string;
  part: string;
  values: { value: string; occurrences: Occurrence[] }[];
}

/** A file of a target that could not be read as what it should be. */
export interface ManifestProblem {
  path: string;
  /** 1-based; null when the problem is the file as a whole. */
  line: number | null;
  message: string;
}

/** A problem with its place, as people say it. */
export function describeProblem({ path, line, message }: ManifestProblem): string {
  return `\`${path}${line === null ? '' : `:${line}`}\`: ${message}`;
}

/** All promoted values that a target holds at one commit. */
export interface HeldValues {
  values: HeldValue[];
  ambiguous: AmbiguousValue[];
  problems: ManifestProblem[];
}

/** Which value it is, wherever it stands: `image quay.io/acme/checkout newTag`. */
export function valueKey({ kind, name, part }: Pick<HeldValue, 'kind' | 'name' | 'part'>): string {
  return `${kind} ${name} ${part}`;
}
