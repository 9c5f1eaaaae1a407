import { isScalar, type Node, type YAMLMap } from 'yaml';
import { type EditableScalar, renderScalar, type ScalarStyle } from '../scalar.ts';
import { asNode } from '../yaml-file.ts';
import { pairEnd } from './layout.ts';

/** How a file writes the entries of a mapping, taken from one that is there. */
export interface MapStyle {
  flow: boolean;
  /** What stands between two entries of a flow mapping: `, `. */
  separator: string;
  /** What stands between key and value: `: `. */
  colon: string;
  /** What stands inside the braces of a flow mapping. */
  padding: string;
  quoteKeys: boolean;
  /** Quotes of values. */
  value: ScalarStyle;
}

export function defaultStyle({ json, flow }: { json: boolean; flow: boolean }): MapStyle {
  const value = json ? 'double' : 'plain';
  return { flow, separator: ', ', colon: ': ', padding: '', quoteKeys: json, value };
}

export function styleOf(text: string, map: YAMLMap, json: boolean): MapStyle {
  const style = defaultStyle({ json, flow: map.flow === true });
  const [last, previous] = [map.items.at(-1), map.items.at(-2)];
  const [key, value] = [asNode(last?.key), asNode(last?.value)];
  if (!last || !key?.range || !value?.range) return style;
  const colon = text.slice(key.range[1], value.range[0]);
  style.colon = /^: *$/.test(colon) ? (style.flow ? colon : ': ') : ': ';
  style.quoteKeys = isScalar(key) && key.type === 'QUOTE_DOUBLE';
  style.value = scalarStyle(value);
  if (!style.flow) return style;
  const separator = previous ? text.slice(pairEnd(text, previous), key.range[0]) : ', ';
  style.separator = /^,\s*$/.test(separator) && separator !== ',' ? separator : json ? separator : ', ';
  const first = asNode(map.items[0]?.key);
  const padding = text.slice((map.range?.[0] ?? 0) + 1, first?.range?.[0] ?? 0);
  style.padding = /^ *$/.test(padding) ? padding : '';
  return style;
}

function scalarStyle(node: Node): ScalarStyle {
  if (!isScalar(node)) return 'plain';
  return node.type === 'QUOTE_DOUBLE' ? 'double' : node.type === 'QUOTE_SINGLE' ? 'single' : 'plain';
}

/** One entry as text; every reader takes the value for a string. */
export function renderPair(style: MapStyle, json: boolean, [key, value]: readonly [string, string]): string {
  const old: EditableScalar = { value: '', style: style.value, start: 0, end: 0 };
  const source = renderScalar(value, old, { json, mayStayTyped: false });
  return `${style.quoteKeys ? JSON.stringify(key) : key}${style.colon}${source}`;
}
