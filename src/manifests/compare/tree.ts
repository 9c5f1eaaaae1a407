import { type Document, isAlias, isMap, isScalar, isSeq, Scalar } from 'yaml';
import { looksTyped } from '../plain-scalar.ts';

/**
 * A YAML value as it is compared and shown. A scalar is its text: a string in double quotes where readers would take
 * it for something else, so that `"3"` and `3` differ and `"app"` and `app` do not.
 */
export type Tree = string | Tree[] | Map<string, Tree>;

/** Aliases let a small file mean a large one: https://en.wikipedia.org/wiki/Billion_laughs_attack */
const MOST_NODES = 200_000;
/** Lists are compared level by level, each with all that it holds. */
const MOST_LEVELS = 100;

/** Nodes that were read so far, of all documents that are compared. */
export interface Budget {
  nodes: number;
}

interface Reading {
  /** What each anchor stands for so far: it may be used again, and an alias means the last one before it. */
  anchors: Map<string, unknown>;
  budget: Budget;
}

interface Place {
  level: number;
  /** Anchored nodes that this one is in. */
  above: readonly unknown[];
  /** Reached through an alias. */
  isCopy: boolean;
}

/** Follows aliases and merges (`<<`). Throws an Error for a document that means too much. */
export function treeOf(document: Document, budget: Budget): Tree {
  const place = { level: 0, above: [], isCopy: false };
  return readNode({ anchors: new Map(), budget }, document.contents, place);
}

function readNode(reading: Reading, node: unknown, outside: Place): Tree {
  const place = { ...outside, level: outside.level + 1 };
  if (place.level > MOST_LEVELS) throw new Error('it is nested too deeply');
  reading.budget.nodes += 1;
  if (reading.budget.nodes > MOST_NODES) throw new Error('its aliases stand for too much');
  if (isAlias(node)) return readAlias(reading, node.source, place);
  if (isScalar(node) || isSeq(node) || isMap(node)) {
    // What it stands for is shown to nobody, and a `kind` behind it hides a Secret.
    if (node.tag?.endsWith('binary')) throw new Error('it has the YAML tag !!binary');
    const isAnchor = node.anchor !== undefined && !place.isCopy;
    if (isAnchor) reading.anchors.set(node.anchor!, node);
    const inside = isAnchor ? { ...place, above: [...place.above, node] } : place;
    if (isScalar(node)) return scalarText(node);
    if (isSeq(node)) return node.items.map((item) => readNode(reading, item, inside));
    return resolveMerges(
      node.items.map(({ key, value }) => [keyText(key), readNode(reading, value, inside)]),
    );
  }
  return 'null';
}

/** What a mapping has itself wins over what it merges: https://yaml.org/type/merge.html */
function resolveMerges(pairs: [string, Tree][]): Map<string, Tree> {
  const isMerge = ([key, value]: [string, Tree]) => key === '<<' && typeof value !== 'string';
  const merged = pairs.filter(isMerge).flatMap(([, value]) => (Array.isArray(value) ? value : [value]));
  const own = new Map(pairs.filter((pair) => !isMerge(pair)));
  for (const map of merged) {
    for (const [key, value] of map instanceof Map ? map : []) if (!own.has(key)) own.set(key, value);
  }
  return own;
}

function readAlias(reading: Reading, anchor: string, { above, level }: Place): Tree {
  const target = reading.anchors.get(anchor);
  if (above.includes(target)) throw new Error(`the alias *${anchor} stands inside of what it names`);
  return target ? readNode(reading, target, { level, above: [...above, target], isCopy: true }) : 'null';
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function scalarText({ type, value }: Scalar): string {
  const text = String(value);
  if (type === Scalar.PLAIN) return /^(?:~|null|Null|NULL|)$/.test(text) ? 'null' : text;
  return text === '' || text.startsWith('"') || looksTyped(text) ? JSON.stringify(text) : text;
}

/** Equal exactly when the trees are. */
export function keyOfTree(tree: Tree): string {
  if (typeof tree === 'string') return JSON.stringify(tree);
  if (Array.isArray(tree)) return `[${tree.map(keyOfTree).join(',')}]`;
  const pairs = [...tree].map(([key, value]) => `${JSON.stringify(key)}:${keyOfTree(value)}`);
  return `{${pairs.sort().join(',')}}`;
}

/** The scalar under some keys; null when there is none. */
export function textAt(tree: Tree | undefined, ...keys: string[]): string | null {
  let node = tree;
  for (const key of keys) node = node instanceof Map ? node.get(key) : undefined;
  if (typeof node !== 'string' || node === 'null') return null;
  return node.startsWith('"') ? String(JSON.parse(node)) : node;
}
