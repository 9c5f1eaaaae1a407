import { isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import { readScalar, renderScalar } from '../scalar.ts';
import { asNode, isJson, nodeAt, shorten, type YamlFile } from '../yaml-file.ts';
import { lineStart, lineStop, pairEnd } from './layout.ts';
import type { Planned, StructureEdit } from './structure-edit.ts';

/** Takes a key and its value out of a mapping, with the line that they stand on. */
export function removeKey(file: YamlFile, edit: StructureEdit & { action: 'remove' }): Planned {
  const found = findPair(file, edit);
  if (!found.ok) return found;
  const { map, index, key } = found;
  if (map.items.length === 1)
    return { ok: false, reason: 'it is the only key there; remove the entry by hand' };
  const { text } = file;
  const end = pairEnd(text, map.items[index]!);
  const nextStart = asNode(map.items[index + 1]?.key)?.range?.[0] ?? 0;
  if (map.flow) {
    return index > 0 ? cut(pairEnd(text, map.items[index - 1]!), end) : cut(key.range![0], nextStart);
  }
  const stop = lineStop(text, end);
  if (text.slice(end, stop).trim() !== '') {
    return { ok: false, reason: 'a comment on its line would be lost; remove the line by hand' };
  }
  const start = lineStart(text, key.range![0]);
  if (text.slice(start, key.range![0]).trim() !== '') {
    // First behind a dash: the next key takes its place.
    const between = text.slice(end, nextStart).trim();
    return between === '' && index === 0
      ? cut(key.range![0], nextStart)
      : { ok: false, reason: 'comments follow it; remove the line by hand' };
  }
  // With the line end before it, so that a file without a last one stays so.
  const before = text[start - 2] === '\r' ? start - 2 : start - 1;
  return start === 0 ? cut(0, nextStart) : cut(before, stop);
}

/** Gives a key another name and value in its place: `newTag: v1` becomes `digest: sha256:...`. */
export function renameKey(file: YamlFile, edit: StructureEdit & { action: 'rename' }): Planned {
  const found = findPair(file, edit);
  if (!found.ok) return found;
  const { key, value } = found;
  const reading = readScalar(file, value);
  if (reading.status !== 'value') return { ok: false, reason: 'there is no value; change it by hand' };
  const source = renderScalar(edit.value, reading.scalar, { json: isJson(file), mayStayTyped: false });
  const oldKey = file.text.slice(key.range![0], key.range![1]);
  const newKey = oldKey.startsWith('"')
    ? JSON.stringify(edit.newKey)
    : oldKey.startsWith("'")
      ? `'${edit.newKey}'`
      : edit.newKey;
  return {
    ok: true,
    splices: [
      { start: key.range![0], end: key.range![1], source: newKey },
      { start: reading.scalar.start, end: reading.scalar.end, source },
    ],
  };
}

type Found =
  | { ok: true; map: YAMLMap; index: number; key: Node; value: Node }
  | { ok: false; reason: string };

function findPair(file: YamlFile, edit: StructureEdit & { key: string; from: string }): Found {
  const map = nodeAt(file, edit);
  if (!isMap(map)) return { ok: false, reason: 'there is no mapping; the file changed since it was read' };
  const index = map.items.findIndex(({ key }) => isScalar(key) && String(key.value) === edit.key);
  const pair = map.items[index];
  const [key, value] = [asNode(pair?.key), asNode(pair?.value)];
  if (!pair || !key?.range || !value) return { ok: false, reason: `there is no \`${edit.key}\`` };
  const reading = readScalar(file, value);
  if (reading.status === 'refused') return { ok: false, reason: `\`${edit.key}\` ${reading.reason}` };
  const held = reading.status === 'value' ? reading.scalar.value : '';
  return held === edit.from
    ? { ok: true, map, index, key, value }
    : {
        ok: false,
        reason: `the file changed since it was read: expected ${shorten(edit.from)}, there is now ${shorten(held)}`,
      };
}

function cut(start: number, end: number): Planned {
  return { ok: true, splices: [{ start, end, source: '' }] };
}
