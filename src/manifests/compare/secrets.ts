import { type Tree, textAt } from './tree.ts';

const HIDDEN = '(hidden)';

/** All else of a Secret may hold values: annotations, too, where kubectl keeps what was applied last. */
const PUBLIC_KEYS = new Set(['apiVersion', 'kind', 'type', 'immutable']);

/** Whether a mapping is a Secret, at the top or inside of another resource; a reference to one is none. */
export function isSecret(map: Map<string, Tree>): boolean {
  const kind = textAt(map, 'kind')?.toLowerCase();
  if (kind === 'secretlist') return map.has('items');
  if (kind !== 'secret') return false;
  return ['metadata', 'data', 'stringData'].some((key) => map.has(key));
}

export function isPublicKey(key: string): boolean {
  return PUBLIC_KEYS.has(key);
}

/** The key of a Secret, unless Kubernetes takes no such key: https://kubernetes.io/docs/concepts/configuration/secret/ */
export function showKey(key: string): string {
  return /^[-._a-zA-Z0-9]{1,253}$/.test(key) ? key : '(hidden key)';
}

/** The keys only. */
export function hideValues(tree: Tree): Tree {
  return tree instanceof Map ? mapShown(tree, hideValues) : HIDDEN;
}

/** With keys that may be shown; what is hidden is counted, so that no entry replaces another. */
function mapShown(map: Map<string, Tree>, show: (value: Tree, key: string) => Tree): Tree {
  const shown = new Map<string, Tree>();
  for (const [key, value] of map) {
    const name = showKey(key);
    shown.set(name === key ? key : `(hidden key ${shown.size + 1})`, show(value, key));
  }
  return shown;
}

/** The tree with the values of every Secret in it hidden. */
export function hideSecrets(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(hideSecrets);
  if (!(tree instanceof Map)) return tree;
  const secret = isSecret(tree);
  if (!secret) return new Map([...tree].map(([key, value]) => [key, hideSecrets(value)]));
  return mapShown(tree, (value, key) => {
    if (isPublicKey(key)) return hideSecrets(value);
    return key === 'metadata' ? hideMetadata(value) : hideValues(value);
  });
}

/** A Secret is called by its name everywhere. */
function hideMetadata(tree: Tree): Tree {
  if (!(tree instanceof Map)) return HIDDEN;
  const isName = (key: string, value: Tree) =>
    ['name', 'namespace'].includes(key) && typeof value === 'string';
  return mapShown(tree, (value, key) => (isName(key, value) ? value : hideValues(value)));
}
