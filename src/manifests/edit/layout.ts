import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { asNode } from '../yaml-file.ts';

/** The line end that the file uses. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

export function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\ufeff') ? 1 : start;
}

/** Offset of the line end after `offset`, or the end of the text. */
export function lineStop(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return text.length;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

/** Where the last thing of a node ends, without the comments and blank lines that follow it. */
export function contentEnd(text: string, node: Node): number {
  const [start, end] = node.range ?? [0, 0];
  if (isScalar(node) || isAlias(node) || (node as YAMLMap | YAMLSeq).flow) {
    return start + text.slice(start, end).trimEnd().length;
  }
  const last = isSeq(node) ? node.items.at(-1) : isMap(node) ? node.items.at(-1) : null;
  const inner = isSeq(node) ? asNode(last) : lastOfPair(last as PairLike | null);
  return inner ? contentEnd(text, inner) : end;
}

interface PairLike {
  key: unknown;
  value: unknown;
}

/** The value of a pair, or its key when there is no value. */
function lastOfPair(pair: PairLike | null | undefined): Node | null {
  const value = asNode(pair?.value);
  const isEmpty = value && isScalar(value) && value.range?.[0] === value.range?.[1];
  return value && !isEmpty ? value : asNode(pair?.key);
}

/** Offset behind a pair: behind its value, or behind the colon when it has none. */
export function pairEnd(text: string, pair: PairLike): number {
  const value = asNode(pair.value);
  return value && isScalar(value) && value.range?.[0] === value.range?.[1]
    ? (value.range?.[0] ?? 0)
    : contentEnd(text, (value ?? asNode(pair.key))!);
}

/** Spaces before the column at which a node starts; null when what stands before it is neither space nor a dash. */
export function indentOf(text: string, node: Node): string | null {
  const start = node.range?.[0] ?? 0;
  const before = text.slice(lineStart(text, start), start);
  return /^[ -]*$/.test(before) ? ' '.repeat(before.length) : null;
}
