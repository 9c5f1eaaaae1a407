import { countStructure } from '../yaml-file.ts';
import { compareTrees, type Effort, type FieldChange } from './compare-trees.ts';
import { baseName, type Pair, pairResources } from './pair-resources.ts';
import { type Resource, type ResourceId, readResources, splitDocuments } from './read-resources.ts';
import { hideSecrets } from './secrets.ts';
import type { Tree } from './tree.ts';

/** What happens to one resource in the cluster. Holds no value of a Secret. */
export interface ResourceChange {
  /** As it is afterwards; the name without the hash that kustomize appends to what it generates. */
  id: ResourceId;
  change: 'added' | 'changed' | 'deleted';
  /** Of a changed one; empty when it only follows others. */
  fields: FieldChange[];
  /** The whole of an added one. */
  content: Tree | null;
  /** Generated resources, `ConfigMap checkout-config`, whose new content it is given by name: it restarts with them. */
  follows: string[];
}

export type Comparison =
  | { ok: true; changes: ResourceChange[] /** Resources that stay as they are. */; unchanged: number }
  | { ok: false; reason: string };

/**
 * What changes in the cluster between two rendered texts, resource by resource: workloads first, deletions before
 * the rest of their kind. A text that cannot be read gives the reason, and never an empty comparison.
 */
export function compareRenderings(before: string, after: string): Comparison {
  try {
    const texts = withoutEqual(splitDocuments(before), splitDocuments(after));
    if (isTooLarge([...texts.before, ...texts.after])) return { ok: false, reason: 'too large to compare' };
    const budget = { nodes: 0 };
    const read = (text: string) => readResources(text, budget);
    const pairs = pairResources(texts.before.flatMap(read), texts.after.flatMap(read));
    const renamed = findRenamed(pairs);
    const effort = { left: MOST_EFFORT };
    const changes = pairs.flatMap((pair) => changeOf(pair, renamed, effort) ?? []).sort(byImportance);
    return { ok: true, changes, unchanged: texts.equal + pairs.length - changes.length };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, reason: 'it is nested too deeply' };
    if (error instanceof Error) return { ok: false, reason: error.message };
    throw error;
  }
}

/** Of both sides together, and of what differs: this runs where everything else waits for it. */
const MOST_CHARACTERS = 5_000_000;
const MOST_STRUCTURE = 100_000;
/** Four lists that differ as much as is looked for; everything takes about a second at most. */
const MOST_EFFORT = 1_000_000;

function isTooLarge(texts: readonly string[]): boolean {
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  if (characters > MOST_CHARACTERS) return true;
  return texts.reduce((sum, text) => sum + countStructure(text), 0) > MOST_STRUCTURE;
}

/** Most of a target stays the same to the byte: that need not be parsed. */
function withoutEqual(before: string[], after: string[]) {
  const counts = new Map<string, number>();
  for (const text of before) counts.set(text, (counts.get(text) ?? 0) + 1);
  let equal = 0;
  const changed = after.filter((text) => {
    const count = counts.get(text) ?? 0;
    if (count === 0) return true;
    counts.set(text, count - 1);
    equal += 1;
    return false;
  });
  const left = [...counts].flatMap(([text, count]) => Array.from({ length: count }, () => text));
  return { before: left, after: changed, equal };
}

/** Names with a hash that became others: old name to new name and what to call both. */
type Renamed = Map<string, { to: string; label: string }>;

function findRenamed(pairs: readonly Pair[]): Renamed {
  const renamed: Renamed = new Map();
  for (const { before, after } of pairs) {
    if (!before || !after || before.id.name === after.id.name) continue;
    renamed.set(before.id.name, { to: after.id.name, label: `${after.id.kind} ${baseName(after.id)}` });
  }
  return renamed;
}

function changeOf({ before, after }: Pair, renamed: Renamed, effort: Effort): ResourceChange | null {
  if (!before || !after) return wholeChange((after ?? before)!, after ? 'added' : 'deleted');
  const follows = new Set<string>();
  const fields = compareTrees(before.tree, after.tree, effort).filter(({ from, to, path }) => {
    const rename = typeof from === 'string' ? renamed.get(from) : undefined;
    if (!rename || rename.to !== to) return true;
    if (path !== 'metadata.name') follows.add(rename.label);
    return false;
  });
  const isSame = before.id.name === after.id.name && fields.length === 0 && follows.size === 0;
  if (isSame) return null;
  return {
    id: named(after),
    change: 'changed',
    fields: withoutName(fields, before, after),
    content: null,
    follows: [...follows],
  };
}

/** The name of what was generated anew is not a change of its own; in a Secret it comes as a hidden one. */
function withoutName(fields: FieldChange[], before: Resource, after: Resource): FieldChange[] {
  if (before.id.name === after.id.name) return fields;
  return fields.filter(({ path }) => path !== 'metadata.name');
}

function wholeChange(resource: Resource, change: 'added' | 'deleted'): ResourceChange {
  const content = change === 'added' ? hideSecrets(resource.tree) : null;
  return { id: named(resource), change, fields: [], content, follows: [] };
}

function named({ id }: Resource): ResourceId {
  return { ...id, name: baseName(id) };
}

/** What runs, what it reads, how it is reached; then the rest. */
const RANKS = [
  /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Rollout|CronJob|Job|Pod|HelmRelease|Application)$/,
  /^(?:ConfigMap|Secret|ExternalSecret|SealedSecret)$/,
  /^(?:Service|Ingress|HTTPRoute|GRPCRoute|Gateway|VirtualService|NetworkPolicy)$/,
];
const CHANGES = ['deleted', 'changed', 'added'];

function byImportance(a: ResourceChange, b: ResourceChange): number {
  const keys = ({ id, change }: ResourceChange) => [rankOf(id.kind), CHANGES.indexOf(change)] as const;
  const [[rankA, changeA], [rankB, changeB]] = [keys(a), keys(b)];
  const texts = ({ id }: ResourceChange) => [id.kind, id.namespace, id.name, id.group].join('\n');
  return rankA - rankB || changeA - changeB || (texts(a) < texts(b) ? -1 : 1);
}

function rankOf(kind: string): number {
  const rank = RANKS.findIndex((pattern) => pattern.test(kind));
  return rank < 0 ? RANKS.length : rank;
}
