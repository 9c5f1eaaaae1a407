import { isAlias, isMap, isScalar, isSeq, type Node, parse } from 'yaml';
import { remember } from '../domain/remember.ts';
import type { ManifestProblem } from '../domain/value.ts';
import { parseYamlFile, type YamlFile } from './yaml-file.ts';

/** What a scalar of the file before the edit must be after it. */
export interface WantedScalar {
  node: Node;
  value: string;
  /** Whether it stays a plain number or boolean; otherwise every reader must take it for a string. */
  typed: boolean;
}

/**
 * Reads an edited text again and compares it with the file before: the same documents, and in them exactly the
 * wanted scalars differ and have the wanted value. Null when that is so, otherwise the first place where it is not.
 */
export function findWrongEdit(
  before: YamlFile,
  afterText: string,
  wanted: readonly WantedScalar[],
): ManifestProblem | null {
  const parsed = parseYamlFile({ path: before.path, text: afterText });
  if (!parsed.ok)
    return { ...parsed.problem, message: `the edit was refused: after it, ${parsed.problem.message}` };
  const after = parsed.file;
  const wrong = (node: unknown) => ({
    path: before.path,
    line: hasRange(node) ? before.lineAt(node.range[0]) : null,
    message: 'the edit was refused: it would change more than the value; change this place by hand',
  });
  if (before.documents.length !== after.documents.length) return wrong(null);
  const wantedByNode = new Map<unknown, WantedScalar>(wanted.map((scalar) => [scalar.node, scalar]));
  const open: [unknown, unknown][] = before.documents.map((document, index) => [
    document.contents,
    after.documents[index]?.contents,
  ]);
  while (open.length > 0) {
    const [old, now] = open.pop()!;
    const scalar = wantedByNode.get(old);
    if (scalar ? !isAsWanted(after, now, scalar) : !isSameNode(old, now)) return wrong(old);
    for (const pair of childPairs(old, now)) open.push(pair);
  }
  return null;
}

function hasRange(node: unknown): node is Node & { range: [number, number, number] } {
  return (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) && Array.isArray(node.range);
}

function isAsWanted(file: YamlFile, node: unknown, { value, typed }: WantedScalar): boolean {
  if (!isScalar(node) || node.value !== value || node.anchor || node.tag || !node.range) return false;
  const source = file.text.slice(node.range[0], node.range[1]);
  return typed ? source === value : isStringForAll(source, value);
}

/** A release comes to many targets one after the other. */
const MOST_REMEMBERED = 1_000;

/** What readers of YAML 1.1 and of 1.2 make of a source text in a list. */
const readAsYaml = remember(MOST_REMEMBERED, (source) =>
  (['1.1', '1.2'] as const).map((version): unknown => parse(`[${source}]`, { version, logLevel: 'silent' })),
);

/** A second witness to the rules for quotes: whether all readers take the source text for this string. */
export function isStringForAll(source: string, value: string): boolean {
  return readAsYaml(source).every((read) => Array.isArray(read) && read.length === 1 && read[0] === value);
}

/** Whether two nodes are alike, but for their children. */
function isSameNode(old: unknown, now: unknown): boolean {
  if (isScalar(old)) {
    return isScalar(now) && old.value === now.value && old.type === now.type && hasSameProperties(old, now);
  }
  if (isAlias(old)) return isAlias(now) && old.source === now.source;
  if (isMap(old)) return isMap(now) && isSameCollection(old, now);
  if (isSeq(old)) return isSeq(now) && isSameCollection(old, now);
  return old === null || old === undefined ? now === null || now === undefined : false;
}

type Collection = { items: readonly unknown[]; flow?: boolean; anchor?: string; tag?: string };

function isSameCollection(old: Collection, now: Collection): boolean {
  return old.items.length === now.items.length && old.flow === now.flow && hasSameProperties(old, now);
}

function hasSameProperties(
  old: { anchor?: string; tag?: string },
  now: { anchor?: string; tag?: string },
): boolean {
  return old.anchor === now.anchor && old.tag === now.tag;
}

function childPairs(old: unknown, now: unknown): [unknown, unknown][] {
  if (isMap(old) && isMap(now)) {
    return old.items.flatMap((pair, index): [unknown, unknown][] => [
      [pair.key, now.items[index]?.key],
      [pair.value, now.items[index]?.value],
    ]);
  }
  return isSeq(old) && isSeq(now)
    ? old.items.map((item, index): [unknown, unknown] => [item, now.items[index]])
    : [];
}
