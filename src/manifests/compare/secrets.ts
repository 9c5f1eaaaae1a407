import { type Tree, textAt } from './tree.ts';

const HIDDEN = '(hidden)';

/** All else of a Secret may hold values: annotations, too, where kubectl keeps what was applied last. */
const PUBLIC_KEYS = new Set(['apiVersion', 'kind', 'type', 'immutable']);

/** Whether a mapping is a Secret, at the top or inside of another resource; a reference to one is none. */
export function isSecret(map: Map<string, Tree>): boolean {
  if (textAt(map, 'kind')?.toLowerCase() !== 'secret') return false;
  return ['metadata', 'data', 'stringData'].some((key) => map.has(key));
}

export function isPublicKey(key: string): boolean {
  return PUBLIC_KEYS.has(key);
}

/** The keys only. */
export function hideValues(tree: Tree): Tree {
  if (tree instanceof Map) return new Map([...tree].map(([key, value]) => [key, hideValues(value)]));
  return HIDDEN;
}

/** The tree with the values of every Secret in it hidden. */
export function hideSecrets(tree: Tree): Tree {
  if (Array.isArray(tree)) return tree.map(hideSecrets);
  if (!(tree instanceof Map)) return tree;
  const secret = isSecret(tree);
  const show = (key: string, value: Tree) => {
    if (!secret || isPublicKey(key)) return hideSecrets(value);
    return key === 'metadata' ? hideMetadata(value) : hideValues(value);
  };
  return new Map([...tree].map(([key, value]) => [key, show(key, value)]));
}

/** A Secret is called by its name everywhere. */
function hideMetadata(tree: Tree): Tree {
  if (!(tree instanceof Map)) return HIDDEN;
  const isName = (key: string, value: Tree) =>
    ['name', 'namespace'].includes(key) && typeof value === 'string';
  return new Map([...tree].map(([key, value]) => [key, isName(key, value) ? value : hideValues(value)]));
}
