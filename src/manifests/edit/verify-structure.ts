import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { isStringForAll } from '../verify-edit.ts';
import { asNode, nodeAt, type YamlFile } from '../yaml-file.ts';
import type { StructureEdit } from './structure-edit.ts';

/** A document without its layout; what an edit puts in is marked. */
type Shape =
  | { scalar: string; style: unknown; anchor: unknown; tag: unknown }
  | { alias: string }
  | { map: [Shape | null, Shape | null][]; flow: boolean; anchor: unknown; tag: unknown }
  | { list: (Shape | null)[]; flow: boolean; anchor: unknown; tag: unknown }
  | { added: readonly (readonly [string, string])[] | string };

/** Whether a text differs from the file before by exactly the edit, and every reader sees the new values as strings. */
export function isExactly(before: YamlFile, after: YamlFile, edit: StructureEdit): boolean {
  const wanted = before.documents.map(({ contents }) => shapeOf(contents));
  const found = after.documents.map(({ contents }) => shapeOf(contents));
  const isNew = edit.action === 'append' && nodeAt(before, edit) === null;
  if (!markWanted(wanted[edit.document] ?? null, edit)) return false;
  return markFound(after, found[edit.document] ?? null, edit, isNew) && isDeepStrictEqual(wanted, found);
}

function shapeOf(node: unknown): Shape | null {
  if (isAlias(node)) return { alias: node.source };
  if (isScalar(node)) {
    return { scalar: String(node.value), style: node.type, anchor: node.anchor, tag: node.tag };
  }
  if (isMap(node)) {
    const map = node.items.map(({ key, value }): [Shape | null, Shape | null] => [
      shapeOf(key),
      shapeOf(value),
    ]);
    return { map, flow: node.flow === true, anchor: node.anchor, tag: node.tag };
  }
  if (isSeq(node)) {
    return { list: node.items.map(shapeOf), flow: node.flow === true, anchor: node.anchor, tag: node.tag };
  }
  return null;
}

type MapShape = Extract<Shape, { map: unknown }>;

function shapeAt(root: Shape | null, address: StructureEdit['address']): Shape | null {
  let shape = root;
  for (const step of address) {
    if (shape && 'map' in shape) shape = pairOf(shape, String(step))?.[1] ?? null;
    else shape = shape && 'list' in shape ? (shape.list[Number(step)] ?? null) : null;
  }
  return shape;
}

function pairOf({ map }: MapShape, name: string): [Shape | null, Shape | null] | undefined {
  return map.find(([key]) => key !== null && 'scalar' in key && key.scalar === name);
}

/** Makes of what was there what must be there now. */
function markWanted(root: Shape | null, edit: StructureEdit): boolean {
  if (edit.action === 'append') return markAppended(root, edit, { added: edit.entries });
  const shape = shapeAt(root, edit.address);
  if (!shape || !('map' in shape)) return false;
  if (edit.action === 'insert') {
    shape.map.push([{ added: edit.key }, { added: edit.value }]);
    return true;
  }
  const pair = pairOf(shape, edit.key);
  if (!pair) return false;
  if (edit.action === 'remove') shape.map.splice(shape.map.indexOf(pair), 1);
  else pair.splice(0, 2, { added: edit.newKey }, { added: edit.value });
  return true;
}

function markAppended(root: Shape | null, edit: StructureEdit, entry: Shape): boolean {
  const shape = shapeAt(root, edit.address);
  if (shape && 'list' in shape) {
    shape.list.push(entry);
    return true;
  }
  const parent = shapeAt(root, edit.address.slice(0, -1));
  if (!parent || !('map' in parent)) return false;
  const name = String(edit.address.at(-1));
  const pair = pairOf(parent, name);
  const value: Shape = { list: [entry], flow: parent.flow, anchor: undefined, tag: undefined };
  if (pair) pair[1] = value;
  else parent.map.push([{ added: name }, value]);
  return true;
}

/** Puts the same marks where the new text has what was asked for. */
function markFound(after: YamlFile, root: Shape | null, edit: StructureEdit, isNew: boolean): boolean {
  if (edit.action === 'remove') return true;
  if (edit.action === 'append') return markEntry(after, root, edit, isNew);
  const shape = shapeAt(root, edit.address);
  const key = edit.action === 'insert' ? edit.key : edit.newKey;
  if (!shape || !('map' in shape)) return false;
  const pair = pairOf(shape, key);
  if (!pair || !isString(after, { ...edit, address: [...edit.address, key] }, edit.value)) return false;
  pair.splice(0, 2, { added: key }, { added: edit.value });
  return true;
}

function markEntry(
  after: YamlFile,
  root: Shape | null,
  edit: StructureEdit & { action: 'append' },
  isNew: boolean,
): boolean {
  const shape = shapeAt(root, edit.address);
  if (!shape || !('list' in shape)) return false;
  const index = shape.list.length - 1;
  const entry = shape.list[index];
  if (!entry || !('map' in entry) || entry.map.length !== edit.entries.length) return false;
  const isAsked = edit.entries.every(([key, value], at) => {
    const name = entry.map[at]?.[0];
    const isKey = name && 'scalar' in name && name.scalar === key;
    return isKey && isString(after, { ...edit, address: [...edit.address, index, key] }, value);
  });
  shape.list[index] = { added: edit.entries };
  // A new section: its key is written as the file writes keys.
  const parent = shapeAt(root, edit.address.slice(0, -1));
  const section = isNew && parent && 'map' in parent ? pairOf(parent, String(edit.address.at(-1))) : null;
  if (section) section[0] = { added: String(edit.address.at(-1)) };
  return isAsked;
}

function isString(
  after: YamlFile,
  place: { document: number; address: StructureEdit['address'] },
  value: string,
): boolean {
  const node = asNode(nodeAt(after, place));
  if (!isScalar(node) || node.value !== value || node.anchor || node.tag || !node.range) return false;
  return isStringForAll(after.text.slice(node.range[0], node.range[1]), value);
}
