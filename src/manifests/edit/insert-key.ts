import { isMap } from 'yaml';
import { asNode, childAt, isJson, nodeAt, type YamlFile } from '../yaml-file.ts';
import { indentOf, lineEndOf, lineStop, pairEnd } from './layout.ts';
import type { TextSplice } from './splice.ts';
import type { Planned, StructureEdit } from './structure-edit.ts';
import { renderPair, styleOf } from './style.ts';

/** Adds a key behind the last one of a mapping, written as the others are. */
export function insertKey(file: YamlFile, edit: StructureEdit & { action: 'insert' }): Planned {
  const map = nodeAt(file, edit);
  const last = isMap(map) ? map.items.at(-1) : undefined;
  if (!isMap(map) || !last) return { ok: false, reason: 'there is no mapping with a key; add it by hand' };
  if (childAt(map, edit.key) !== null) return { ok: false, reason: `there is a \`${edit.key}\` already` };
  const json = isJson(file);
  const style = styleOf(file.text, map, json);
  const pair = renderPair(style, json, [edit.key, edit.value]);
  const end = pairEnd(file.text, last);
  if (style.flow) return splices({ start: end, end, source: `${style.separator}${pair}` });
  const indent = indentOf(file.text, asNode(last.key)!);
  if (indent === null) return { ok: false, reason: 'the mapping is laid out unusually; add the key by hand' };
  const stop = lineStop(file.text, end);
  return splices({ start: stop, end: stop, source: `${lineEndOf(file.text)}${indent}${pair}` });
}

function splices(...all: TextSplice[]): Planned {
  return { ok: true, splices: all };
}
