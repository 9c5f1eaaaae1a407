import { type Resource, type ResourceId, resourceKey } from './read-resources.ts';

export interface Pair {
  before: Resource | null;
  after: Resource | null;
}

/**
 * What kustomize appends to the name of what it generates, so that a new content is a new resource.
 * https://github.com/kubernetes-sigs/kustomize/blob/master/api/hasher/hasher.go
 */
const HASHED = /^(.+)-[2456789bcdfghkmt]{10}$/;

/** The name without the hash of its content; the name itself when it has none. */
export function baseName({ kind, name }: ResourceId): string {
  return kind === 'ConfigMap' || kind === 'Secret' ? (HASHED.exec(name)?.[1] ?? name) : name;
}

/** Pairs what is the same resource before and after; what was generated anew is the same, too. */
export function pairResources(before: readonly Resource[], after: readonly Resource[]): Pair[] {
  const exact = pairBy(before, after, resourceKey);
  const lonely = exact.filter((pair) => !pair.before || !pair.after);
  const folded = pairBy(
    lonely.flatMap((pair) => pair.before ?? []),
    lonely.flatMap((pair) => pair.after ?? []),
    (id) => resourceKey({ ...id, name: baseName(id) }),
  );
  return [...exact.filter((pair) => pair.before && pair.after), ...folded];
}

/** Several with one key (which no cluster would take) pair in their order. */
function pairBy(
  before: readonly Resource[],
  after: readonly Resource[],
  keyOf: (id: ResourceId) => string,
): Pair[] {
  const waiting = new Map<string, Resource[]>();
  for (const resource of before) {
    const key = keyOf(resource.id);
    const list = waiting.get(key);
    if (list) list.push(resource);
    else waiting.set(key, [resource]);
  }
  const pairs = after.map((resource) => ({
    before: waiting.get(keyOf(resource.id))?.shift() ?? null,
    after: resource,
  }));
  return [...pairs, ...[...waiting.values()].flat().map((resource) => ({ before: resource, after: null }))];
}
