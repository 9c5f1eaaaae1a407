import { isAlias, isMap, isScalar, type Node } from 'yaml';
import { isPlainString, keepsItsText } from './plain-scalar.ts';
import type { YamlFile } from './yaml-file.ts';

export type ScalarStyle = 'plain' | 'single' | 'double';

/** A scalar that can be replaced in place. */
export interface EditableScalar {
  /** The source text of a plain scalar, the content of a quoted one. */
  value: string;
  style: ScalarStyle;
  /** Offsets in the file's text, quotes included. */
  start: number;
  end: number;
}

export type ScalarReading =
  | { status: 'value'; scalar: EditableScalar }
  /** Null or empty: there is no value to promote. */
  | { status: 'absent' }
  | { status: 'refused'; reason: string };

const MAX_VALUE_CHARACTERS = 4_096;

/** Reads a scalar for promotion, or says why it cannot be changed without changing more than itself. */
export function readScalar(file: YamlFile, node: Node): ScalarReading {
  const [start, end] = node.range ?? [0, 0];
  const source = file.text.slice(start, end);
  if (isAlias(node)) return refused('is an alias; write the value itself there');
  if (!isScalar(node)) return refused(describeCollection(node, source));
  if (node.anchor)
    return refused('has an anchor, other places follow it; write the value without the anchor');
  if (node.tag) return refused(`has the tag ${node.tag}; write the value without it`);
  const style = STYLES.get(String(node.type));
  if (!style) return refused('is a block scalar; write it on one line');
  const value = String(node.value);
  if (value === '' || (style === 'plain' && /^(?:~|null)$/i.test(value))) return { status: 'absent' };
  const reason = findObstacle(value);
  if (reason) return refused(reason);
  if (style === 'plain' ? source !== value : quote(value, style) !== source) {
    return refused('is spread over lines or has unusual escapes; write it plainly on one line');
  }
  return { status: 'value', scalar: { value, style, start, end } };
}

const STYLES = new Map<string, ScalarStyle>([
  ['PLAIN', 'plain'],
  ['QUOTE_SINGLE', 'single'],
  ['QUOTE_DOUBLE', 'double'],
]);

function refused(reason: string): ScalarReading {
  return { status: 'refused', reason };
}

function describeCollection(node: Node, source: string): string {
  if (source.startsWith('{{')) return 'is a template, not a value; write the value itself there';
  return isMap(node)
    ? 'is a mapping, not a single value; name one of its keys'
    : 'is a list, not a single value; name one of its entries';
}

/** Why a text cannot be a promoted value, wherever it stands; null when it can. */
export function findObstacle(value: string): string | null {
  if (value.includes('{{')) return 'is a template, not a value; write the value itself there';
  if (value.length > MAX_VALUE_CHARACTERS) {
    return `is longer than ${MAX_VALUE_CHARACTERS} characters; promote the file as a whole`;
  }
  // Control characters, lone surrogates, line separators and byte order marks: readers disagree about them.
  return /[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/u.test(value)
    ? 'has line breaks or control characters; write it plainly on one line'
    : null;
}

/**
 * The source text for a new value in the place of an old scalar: in the same quotes; a plain one gets double quotes
 * where a reader would take it for something else than a string. With `mayStayTyped`, a plain number or boolean is
 * replaced by a plain one (`175` by `176`). In JSON every string has double quotes.
 */
export function renderScalar(
  value: string,
  old: EditableScalar,
  { json, mayStayTyped }: { json: boolean; mayStayTyped: boolean },
): string {
  if (old.style !== 'plain') return quote(value, old.style);
  if (mayStayTyped && staysTyped(old.value, value)) return value;
  return !json && isPlainString(value) ? value : quote(value, 'double');
}

/** Whether both are numbers, or both booleans, that keep their text: the new one may stand without quotes. */
export function staysTyped(from: string, to: string): boolean {
  return keepsItsText(from) && keepsItsText(to) && /^[tf]/.test(from) === /^[tf]/.test(to);
}

function quote(value: string, style: 'single' | 'double'): string {
  return style === 'single' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}
