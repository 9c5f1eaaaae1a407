/** What kind of thing a promoted value is. With `name` and `part` it says which value it is, wherever it stands. */
export type ValueKind = 'image' | 'remote-base' | 'chart' | 'helm' | 'argocd' | 'flux' | 'field' | 'file';

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
 * - `chart`: `name` is the name of the Helm chart, `part` is `version`.
 * - `helm`: `name` is the path of an image in Helm values (`web.image`), `part` is `tag`, `digest` or `repository`;
 *   or `name` is empty and `part` is `appVersion`. Of a file in a folder of the target, its path comes first:
 *   `web/values.yaml image`.
 * - `argocd`: `name` is the Application (or ApplicationSet) without the name of the environment, and below it the
 *   source, image or list element: `checkout deploy`, `checkout chart podinfo image`; `part` is `targetRevision`,
 *   `tag`, `newTag`, ...
 * - `flux`: `name` is kind and name of the object, in the same way, and the chart where there is one:
 *   `HelmRelease web podinfo image`; `part` is `version`, `tag`, `semver`, `digest`, `commit`, ...
 * - `field`: `name` is the file pattern of the rule (empty when the target is a file), `part` the YAML path.
 * - `file`: `name` is the path below the target's root, `part` is `content`; the value is `MODE BLOB_SHA`.
 */
export interface HeldValue {
  kind: ValueKind;
  name: string;
  part: string;
  value: string;
  /** Constraints of the rules that promote it; all of them must let a new value in. */
  allow?: readonly string[];
  /** Every place in the target that holds it; all of them are written. At least one. */
  occurrences: Occurrence[];
}

/** One value that differs between two targets. `to` null deletes a file; `from` null adds one. */
export interface ValueChange {
  kind: ValueKind;
  name: string;
  part: string;
  from: string | null;
  to: string | null;
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

/** What a value says about a release: where its image comes from, which one it is by name or by content. */
export type ValueRole = 'repository' | 'tag' | 'digest' | 'version' | 'content';

const ROLES: Record<string, ValueRole> = {
  newName: 'repository',
  repository: 'repository',
  newTag: 'tag',
  tag: 'tag',
  digest: 'digest',
  commit: 'digest',
};

const LAST_KEY = /(?:^|[.\]])([A-Za-z]+)$/;

export function roleOf({ kind, part }: Pick<HeldValue, 'kind' | 'part'>): ValueRole {
  if (kind === 'file') return 'content';
  const key = kind === 'field' ? (LAST_KEY.exec(part)?.[1] ?? '') : part;
  return Object.hasOwn(ROLES, key) ? ROLES[key]! : 'version';
}

/** Values of one group say together which release it is: repository, tag and digest of one image. */
export function groupKey(value: Pick<HeldValue, 'kind' | 'name' | 'part'>): string {
  if (value.kind !== 'field') return `${value.kind} ${value.name}`;
  const stem = roleOf(value) === 'version' ? value.part : value.part.replace(LAST_KEY, '');
  return `field ${value.name} ${stem}`;
}

/** What says which manifests of a release are deployed, as a tag says which image. */
export function isReleaseSource({ kind, name, part }: Pick<HeldValue, 'kind' | 'name' | 'part'>): boolean {
  if (kind === 'remote-base') return true;
  if (kind === 'argocd') return part === 'targetRevision';
  if (kind === 'flux') return /^(?:Git|OCI)Repository /.test(name);
  return kind === 'helm' && part === 'appVersion';
}
