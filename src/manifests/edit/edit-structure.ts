import type { ManifestProblem } from '../../domain/value.ts';
import { findObstacle } from '../scalar.ts';
import type { ValueEdit, WriteResult } from '../value-edit.ts';
import { type ManifestFile, nodeAt, parseYamlFile, shorten, type YamlFile } from '../yaml-file.ts';
import { appendEntry } from './append-entry.ts';
import { insertKey } from './insert-key.ts';
import { removeKey, renameKey } from './remove-key.ts';
import { applySplices } from './splice.ts';
import type { Planned, StructureEdit } from './structure-edit.ts';
import { isExactly } from './verify-structure.ts';

/** Inserts, renames and removes keys; each edit is read again and compared before the next one. */
export function editStructure(file: ManifestFile, edits: readonly ValueEdit[]): WriteResult {
  const first = parseYamlFile(file);
  if (!first.ok) return { ok: false, problems: [first.problem] };
  const invalid = edits.flatMap((edit) => findInvalid(edit) ?? []);
  if (invalid.length > 0) return { ok: false, problems: invalid };
  let current = first.file;
  for (const { line, edit } of toStructure(first.file, edits)) {
    const refuse = (message: string): WriteResult => ({
      ok: false,
      problems: [{ path: file.path, line, message: `the edit was refused: ${message}` }],
    });
    const planned = planEdit(current, edit);
    if (!planned.ok) return refuse(planned.reason);
    const text = applySplices(current.text, planned.splices);
    const after = parseYamlFile({ path: file.path, text });
    if (!after.ok) return refuse(`after it, ${after.problem.message}`);
    if (!isExactly(current, after.file, edit))
      return refuse('it would change more than was asked for; do it by hand');
    current = after.file;
  }
  return { ok: true, text: current.text };
}

function findInvalid({ occurrence, to, name = '' }: ValueEdit): ManifestProblem | null {
  const obstacle =
    to === null ? null : to === '' ? 'is empty; promote a value' : (findObstacle(to) ?? findObstacle(name));
  const { path, line } = occurrence;
  if (obstacle) return { path, line, message: `the new value ${obstacle}` };
  return typeof occurrence.address.at(-1) === 'string'
    ? null
    : { path, line, message: 'the edit was refused: only keys can be added and removed' };
}

function planEdit(file: YamlFile, edit: StructureEdit): Planned {
  switch (edit.action) {
    case 'insert':
      return insertKey(file, edit);
    case 'remove':
      return removeKey(file, edit);
    case 'rename':
      return renameKey(file, edit);
    case 'append':
      return appendEntry(file, edit);
  }
}

interface Step {
  /** 1-based, for messages. */
  line: number;
  edit: StructureEdit;
}

/** Edits of one mapping together: of a key that goes and one that comes, the one takes the place of the other. */
function toStructure(file: YamlFile, edits: readonly ValueEdit[]): Step[] {
  const places = new Map<string, ValueEdit[]>();
  for (const edit of edits) {
    const { document, address } = edit.occurrence;
    const key = JSON.stringify([document, address.slice(0, -1)]);
    places.set(key, [...(places.get(key) ?? []), edit]);
  }
  return [...places.values()].flatMap((group) => stepsOf(file, group));
}

function stepsOf(file: YamlFile, group: readonly ValueEdit[]): Step[] {
  const { occurrence, name } = group[0]!;
  const { document, line } = occurrence;
  const address = occurrence.address.slice(0, -1);
  const coming = group.flatMap(({ to, ...edit }) => (to === null ? [] : [{ key: keyOf(edit), value: to }]));
  const going = group.flatMap(({ from, ...edit }) => (from === null ? [] : [{ key: keyOf(edit), from }]));
  if (name !== undefined && nodeAt(file, { document, address }) === null) {
    const entries = [['name', name] as const, ...coming.map(({ key, value }) => [key, value] as const)];
    return [{ line, edit: { action: 'append', document, address: address.slice(0, -1), entries } }];
  }
  const renamed = Math.min(coming.length, going.length);
  const place = { document, address };
  const edits: StructureEdit[] = [
    ...going.slice(0, renamed).map(({ key, from }, index): StructureEdit => {
      const { key: newKey, value } = coming[index]!;
      return { ...place, action: 'rename', key, from, newKey, value };
    }),
    ...coming.slice(renamed).map((each): StructureEdit => ({ ...place, action: 'insert', ...each })),
    ...going.slice(renamed).map((each): StructureEdit => ({ ...place, action: 'remove', ...each })),
  ];
  return edits.map((edit) => ({ line, edit }));
}

function keyOf({ occurrence }: Pick<ValueEdit, 'occurrence'>): string {
  return shorten(String(occurrence.address.at(-1)));
}
