import { isAlias, isCollection, type Node, visit } from 'yaml';
import type { ManifestProblem, Occurrence } from '../domain/value.ts';
import { editStructure } from './edit/edit-structure.ts';
import { applySplices, type TextSplice } from './edit/splice.ts';
import { WRITERS } from './kinds/all.ts';
import { problemAt } from './read-place.ts';
import { type EditableScalar, findObstacle, readScalar, renderScalar, staysTyped } from './scalar.ts';
import type { ValueEdit, WriteResult } from './value-edit.ts';
import { findWrongEdit, type WantedScalar } from './verify-edit.ts';
import {
  childAt,
  isJson,
  type ManifestFile,
  nodeAt,
  parseYamlFile,
  shorten,
  type YamlFile,
} from './yaml-file.ts';

export type { ValueEdit } from './value-edit.ts';

type Replacement = ValueEdit & { from: string; to: string };

type Splice = WantedScalar & TextSplice;

/**
 * Replaces values in the text of one file, and nothing else: comments, quotes, line ends and all other bytes stay.
 * Inserts, renames and removes keys where an edit says so. The result is read again and compared; when it is not
 * exactly what was asked for, nothing is written and the problems say where and why.
 */
export function writeValues(file: ManifestFile, changes: readonly ValueEdit[]): WriteResult {
  const replacements = changes.filter((edit): edit is Replacement => edit.from !== null && edit.to !== null);
  const others = changes.filter(({ from, to }) => from === null || to === null);
  const replaced = replaceValues(file, replacements);
  return replaced.ok && others.length > 0
    ? editStructure({ path: file.path, text: replaced.text }, others)
    : replaced;
}

function replaceValues(file: ManifestFile, changes: readonly Replacement[]): WriteResult {
  const parsed = parseYamlFile(file);
  if (!parsed.ok) return { ok: false, problems: [parsed.problem] };
  const problems: ManifestProblem[] = [];
  const places = new Map<string, Replacement[]>();
  for (const change of changes) {
    const place = JSON.stringify([change.occurrence.document, change.occurrence.address]);
    places.set(place, [...(places.get(place) ?? []), change]);
  }
  const json = isJson(file);
  const splices: Splice[] = [];
  for (const edits of places.values()) {
    const planned = planSplice(parsed.file, edits, json);
    if ('problem' in planned) problems.push(planned.problem);
    else splices.push(planned);
  }
  if (problems.length > 0) return { ok: false, problems };
  const text = applySplices(file.text, splices);
  const wrong = findWrongEdit(parsed.file, text, splices);
  return wrong ? { ok: false, problems: [wrong] } : { ok: true, text };
}

/** What becomes of one scalar; several edits when several values stand in it. */
function planSplice(
  file: YamlFile,
  edits: readonly Replacement[],
  json: boolean,
): Splice | { problem: ManifestProblem } {
  const first = edits[0]!;
  const node = nodeAt(file, first.occurrence);
  const reading = node && readScalar(file, node);
  if (!node || !reading || reading.status === 'absent') {
    const message = `${changedSince(first)} now no value`;
    return { problem: { path: file.path, line: first.occurrence.line, message } };
  }
  const refuse = (message: string) => ({ problem: problemAt(file, node, message) });
  if (reading.status === 'refused') return refuse(`the value ${reading.reason}`);
  const anchor = findFollowedAnchor(file, first.occurrence);
  if (anchor) {
    return refuse(
      `the value stands below the anchor &${shorten(anchor)}, and other places follow it; write it out where it is used`,
    );
  }
  if (edits.some((edit) => edits.some((other) => other.part === edit.part && other.to !== edit.to))) {
    return refuse('two different values are asked for this place; ask for one');
  }
  const changed = changeText(reading.scalar.value, edits);
  if (!changed.ok) return refuse(changed.message);
  return spliceOf(node, reading.scalar, changed, json);
}

/** The anchor of a mapping or list around a place, when an alias follows it: the value is read there too. */
function findFollowedAnchor(file: YamlFile, { document, address }: Occurrence): string | null {
  const parsed = file.documents[document];
  const anchors = new Set<string>();
  let node: unknown = parsed?.contents;
  for (const step of address) {
    if (isCollection(node) && node.anchor) anchors.add(node.anchor);
    node = childAt(node, step);
  }
  if (!parsed || anchors.size === 0) return null;
  let followed: string | null = null;
  visit(parsed, (_, each) => {
    if (!isAlias(each) || !anchors.has(each.source)) return undefined;
    followed = each.source;
    return visit.BREAK;
  });
  return followed;
}

type ChangedText = { ok: true; value: string; mayStayTyped: boolean } | { ok: false; message: string };

function changeText(old: string, edits: readonly Replacement[]): ChangedText {
  let value = old;
  let mayStayTyped = true;
  for (const edit of edits) {
    const { kind, part, from, to, occurrence } = edit;
    if (kind === 'file') {
      return { ok: false, message: 'a whole file is replaced by its blob, not edited; report this as a bug' };
    }
    const obstacle = to === '' ? 'is empty; promote a value' : findObstacle(to);
    if (obstacle) return { ok: false, message: `the new value ${obstacle}` };
    const writer = WRITERS[kind];
    const place = { part, address: occurrence.address };
    const current = writer.current(old, place);
    if (current !== from) {
      return { ok: false, message: `${changedSince(edit)} now ${shorten(current ?? 'no such value')}` };
    }
    const next = writer.replace(value, place, to);
    if (next === null) {
      const message = `${shorten(to)} cannot stand as a ${part} in this text; promote a tag, a branch or a commit`;
      return { ok: false, message };
    }
    value = next;
    mayStayTyped &&= writer.mayStayTyped;
  }
  return { ok: true, value, mayStayTyped };
}

function spliceOf(
  node: Node,
  scalar: EditableScalar,
  { value, mayStayTyped }: { value: string; mayStayTyped: boolean },
  json: boolean,
): Splice {
  const typed = mayStayTyped && scalar.style === 'plain' && staysTyped(scalar.value, value);
  const source = renderScalar(value, scalar, { json, mayStayTyped });
  return { node, value, typed, source, start: scalar.start, end: scalar.end };
}

function changedSince({ from }: Replacement): string {
  return `the file changed since it was read: expected ${shorten(from)}, there is`;
}
