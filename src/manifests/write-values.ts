import type { Node } from 'yaml';
import type { ManifestProblem, Occurrence, ValueKind } from '../domain/value.ts';
import { problemAt } from './read-place.ts';
import { parseRemoteBase } from './remote-base.ts';
import { type EditableScalar, findObstacle, readScalar, renderScalar, staysTyped } from './scalar.ts';
import { findWrongEdit, type WantedScalar } from './verify-edit.ts';
import { asNode, childAt, type ManifestFile, parseYamlFile, shorten, type YamlFile } from './yaml-file.ts';

/** One place of one file, and what is to stand there instead. */
export interface ValueEdit {
  occurrence: Occurrence;
  kind: ValueKind;
  part: string;
  /** What must still stand there. */
  from: string;
  to: string;
}

export type WriteResult = { ok: true; text: string } | { ok: false; problems: ManifestProblem[] };

interface Splice extends WantedScalar {
  start: number;
  end: number;
  source: string;
}

/**
 * Replaces values in the text of one file, and nothing else: comments, quotes, line ends and all other bytes stay.
 * The result is read again and compared; when it is not exactly what was asked for, nothing is written and the
 * problems say where and why.
 */
export function writeValues(file: ManifestFile, changes: readonly ValueEdit[]): WriteResult {
  const parsed = parseYamlFile(file);
  if (!parsed.ok) return { ok: false, problems: [parsed.problem] };
  const json = isJson(file);
  const planned = changes.map((change) => planSplice(parsed.file, change, json));
  const problems = planned.flatMap((splice) => ('problem' in splice ? [splice.problem] : []));
  const splices = new Map<Node, Splice>();
  for (const splice of planned) {
    if ('problem' in splice) continue;
    const other = splices.get(splice.node);
    if (other && other.value !== splice.value) {
      problems.push(
        problemAt(parsed.file, splice.node, 'two different values are asked for this place; ask for one'),
      );
    }
    splices.set(splice.node, splice);
  }
  if (problems.length > 0) return { ok: false, problems };
  const text = applySplices(file.text, [...splices.values()]);
  const wrong = findWrongEdit(parsed.file, text, [...splices.values()]);
  return wrong ? { ok: false, problems: [wrong] } : { ok: true, text };
}

/** JSON needs quotes where YAML does not. Some repositories keep JSON in files without extension. */
function isJson({ path, text }: ManifestFile): boolean {
  if (path.endsWith('.json')) return true;
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function planSplice(file: YamlFile, edit: ValueEdit, json: boolean): Splice | { problem: ManifestProblem } {
  const node = findNode(file, edit.occurrence);
  const reading = node && readScalar(file, node);
  if (!node || !reading || reading.status === 'absent') {
    return {
      problem: { path: file.path, line: edit.occurrence.line, message: `${changedSince(edit)} now no value` },
    };
  }
  const refuse = (message: string) => ({ problem: problemAt(file, node, message) });
  if (reading.status === 'refused') return refuse(`the value ${reading.reason}`);
  const { scalar } = reading;
  const obstacle = edit.to === '' ? 'is empty; promote a value' : findObstacle(edit.to);
  if (obstacle) return refuse(`the new value ${obstacle}`);
  if (edit.kind === 'file')
    return refuse('a whole file is replaced by its blob, not edited; report this as a bug');
  return edit.kind === 'remote-base'
    ? planRef(scalar, node, edit, json, refuse)
    : planValue(scalar, node, edit, json, refuse);
}

type Refuse = (message: string) => { problem: ManifestProblem };

function planValue(scalar: EditableScalar, node: Node, edit: ValueEdit, json: boolean, refuse: Refuse) {
  if (scalar.value !== edit.from) return refuse(`${changedSince(edit)} now ${shorten(scalar.value)}`);
  // Parts of an image are strings for kustomize; a field may be a number for whoever reads it.
  const mayStayTyped = edit.kind === 'field';
  const typed = mayStayTyped && scalar.style === 'plain' && staysTyped(scalar.value, edit.to);
  return spliceOf(scalar, node, edit.to, { json, mayStayTyped, typed });
}

function planRef(scalar: EditableScalar, node: Node, edit: ValueEdit, json: boolean, refuse: Refuse) {
  const base = parseRemoteBase(scalar.value);
  if (base?.ref !== edit.from) return refuse(`${changedSince(edit)} now ${shorten(base?.ref ?? 'no ref')}`);
  const url = scalar.value.slice(0, base.refStart) + edit.to + scalar.value.slice(base.refEnd);
  const changed = parseRemoteBase(url);
  if (changed?.ref !== edit.to || changed.name !== base.name) {
    return refuse(`${shorten(edit.to)} cannot stand as a ref in a URL; promote a tag, a branch or a commit`);
  }
  return spliceOf(scalar, node, url, { json, mayStayTyped: false, typed: false });
}

function spliceOf(
  scalar: EditableScalar,
  node: Node,
  value: string,
  { json, mayStayTyped, typed }: { json: boolean; mayStayTyped: boolean; typed: boolean },
): Splice {
  const source = renderScalar(value, scalar, { json, mayStayTyped });
  return { node, value, typed, source, start: scalar.start, end: scalar.end };
}

function changedSince({ from }: ValueEdit): string {
  return `the file changed since it was read: expected ${shorten(from)}, there is`;
}

function findNode(file: YamlFile, { document, address }: Occurrence): Node | null {
  let node = asNode(file.documents[document]?.contents);
  for (const step of address) node = childAt(node, step);
  return node;
}

function applySplices(text: string, splices: readonly Splice[]): string {
  let result = text;
  for (const { start, end, source } of splices.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + source + result.slice(end);
  }
  return result;
}
