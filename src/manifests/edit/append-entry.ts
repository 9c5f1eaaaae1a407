import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { asNode, isJson, nodeAt, type YamlFile } from '../yaml-file.ts';
import { contentEnd, indentOf, lineEndOf, lineStart, lineStop, pairEnd } from './layout.ts';
import type { Planned, StructureEdit } from './structure-edit.ts';
import { defaultStyle, type MapStyle, renderPair, styleOf } from './style.ts';

type Append = StructureEdit & { action: 'append' };

/** Adds an entry behind the last one of a list of mappings; makes the list when there is none. */
export function appendEntry(file: YamlFile, edit: Append): Planned {
  const list = nodeAt(file, edit);
  if (isSeq(list)) {
    if (list.flow) return appendToFlow(file, edit, list);
    return list.items.length > 0 ? appendToBlock(file, edit, list) : unusual();
  }
  const parent = nodeAt(file, { ...edit, address: edit.address.slice(0, -1) });
  const key = edit.address.at(-1);
  if (!isMap(parent) || typeof key !== 'string' || parent.items.length === 0) return unusual();
  if (list === null) return addSection(file, edit, parent, key);
  const isEmpty = isScalar(list) && list.value === '' && list.type === 'PLAIN' && !list.anchor && !list.tag;
  return isEmpty && !parent.flow ? fillSection(file, edit, parent, key) : unusual();
}

function appendToBlock(file: YamlFile, edit: Append, list: YAMLSeq): Planned {
  const { text } = file;
  const last = asNode(list.items.at(-1));
  const start = last?.range?.[0] ?? 0;
  const dash = text.slice(lineStart(text, start), start);
  if (!last || !/^ *- +$/.test(dash)) return unusual();
  const json = isJson(file);
  const style = isMap(last) ? styleOf(text, last, json) : defaultStyle({ json, flow: false });
  const indent = ' '.repeat(dash.length);
  const stop = lineStop(text, contentEnd(text, last));
  const entry = renderEntry(style, json, edit, `${lineEndOf(text)}${indent}`);
  return insert(stop, `${lineEndOf(text)}${dash}${entry}`);
}

function appendToFlow(file: YamlFile, edit: Append, list: YAMLSeq): Planned {
  const { text } = file;
  const json = isJson(file);
  const [last, previous] = [asNode(list.items.at(-1)), asNode(list.items.at(-2))];
  const model = isMap(last) ? styleOf(text, last, json) : defaultStyle({ json, flow: true });
  const entry = renderEntry({ ...model, flow: true }, json, edit, '');
  if (!last) return insert((list.range?.[0] ?? 0) + 1, entry);
  const between = previous ? text.slice(contentEnd(text, previous), last.range?.[0] ?? 0) : ', ';
  return insert(contentEnd(text, last), `${/^,\s*$/.test(between) ? between : ', '}${entry}`);
}

function addSection(file: YamlFile, edit: Append, parent: YAMLMap, key: string): Planned {
  const { text } = file;
  const json = isJson(file);
  const last = parent.items.at(-1)!;
  const end = pairEnd(text, last);
  if (parent.flow) {
    const style = styleOf(text, parent, json);
    const entry = renderEntry(
      { ...defaultStyle({ json, flow: true }), quoteKeys: style.quoteKeys },
      json,
      edit,
      '',
    );
    const name = style.quoteKeys ? JSON.stringify(key) : key;
    return insert(end, `${style.separator}${name}${style.colon === ':' ? ':' : ': '}[${entry}]`);
  }
  const indent = indentOf(text, asNode(last.key)!);
  if (indent === null) return unusual();
  const eol = lineEndOf(text);
  return insert(lineStop(text, end), `${eol}${indent}${key}:${renderBlock(file, edit, parent, indent)}`);
}

function fillSection(file: YamlFile, edit: Append, parent: YAMLMap, key: string): Planned {
  const pair = parent.items.find((each) => isScalar(each.key) && String(each.key.value) === key)!;
  const indent = indentOf(file.text, asNode(pair.key)!);
  if (indent === null) return unusual();
  return insert(lineStop(file.text, pairEnd(file.text, pair)), renderBlock(file, edit, parent, indent));
}

/** A first entry, as deep as the other lists of the mapping have theirs; `kustomize edit` does not indent. */
function renderBlock(file: YamlFile, edit: Append, parent: YAMLMap, indent: string): string {
  const eol = lineEndOf(file.text);
  const depth = `${indent}${' '.repeat(listDepth(file.text, parent))}`;
  const style = defaultStyle({ json: isJson(file), flow: false });
  return `${eol}${depth}- ${renderEntry(style, false, edit, `${eol}${depth}  `)}`;
}

function listDepth(text: string, parent: YAMLMap): number {
  for (const { key, value } of parent.items) {
    const [name, list] = [asNode(key), asNode(value)];
    const first: Node | null = isSeq(list) && !list.flow ? asNode(list.items[0]) : null;
    if (!name || !first || !isSeq(list)) continue;
    const dash = list.range?.[0] ?? 0;
    const depth = dash - lineStart(text, dash) - (name.range![0] - lineStart(text, name.range![0]));
    return Math.max(0, Math.min(depth, 8));
  }
  return 0;
}

function renderEntry(style: MapStyle, json: boolean, { entries }: Append, newLine: string): string {
  const pairs = entries.map((entry) => renderPair(style, json, entry));
  return style.flow
    ? `{${style.padding}${pairs.join(style.separator)}${style.padding}}`
    : pairs.join(newLine);
}

function insert(at: number, source: string): Planned {
  return { ok: true, splices: [{ start: at, end: at, source }] };
}

function unusual(): Planned {
  return { ok: false, reason: 'the list is laid out unusually; add the entry by hand' };
}
