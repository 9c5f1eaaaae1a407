import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { childAt } from './yaml-file.ts';

/** One step into a document: a key, an index, or the entry of a list of maps whose `key` holds `value`. */
export type FieldStep = string | number | { key: string; value: string };

const TOKEN = {
  key: /[^.[\]"'\s][^.[\]]*/y,
  index: /\[(0|[1-9]\d{0,8})\]/y,
  quoted: /\[(?:"([^"]*)"|'([^']*)')\]/y,
  selector: /\[([^=[\]"'\s]+)=(?:"([^"]*)"|'([^']*)'|([^[\]"']+))\]/y,
};

/**
 * Reads `spec.containers[name=app].image`: dots between keys, `[0]` for an index, `[name=app]` to select in a list
 * of maps, `["a.b"]` for a key with dots or brackets. Throws an Error that names the 1-based column.
 */
export function parseFieldPath(text: string): FieldStep[] {
  const steps: FieldStep[] = [];
  let at = 0;
  while (at < text.length) {
    const bracket = text[at] === '[';
    if (!bracket && steps.length > 0) {
      if (text[at] !== '.') throw pathError(text, at, 'expected "." or "["');
      at += 1;
    }
    const { step, end } = bracket ? readBracket(text, at) : readKey(text, at);
    steps.push(step);
    at = end;
  }
  if (steps.length === 0) throw pathError(text, 0, 'it is empty');
  return steps;
}

function readKey(text: string, at: number): { step: FieldStep; end: number } {
  const key = matchAt(TOKEN.key, text, at);
  if (!key || key[0].endsWith(' ')) throw pathError(text, at, 'expected a key');
  return { step: key[0], end: at + key[0].length };
}

function readBracket(text: string, at: number): { step: FieldStep; end: number } {
  const index = matchAt(TOKEN.index, text, at);
  if (index) return { step: Number(index[1]), end: at + index[0].length };
  const quoted = matchAt(TOKEN.quoted, text, at);
  if (quoted) return { step: quoted[1] ?? quoted[2] ?? '', end: at + quoted[0].length };
  const selector = matchAt(TOKEN.selector, text, at);
  if (!selector) throw pathError(text, at, 'expected [0], [name=app] or ["a.b"]');
  const value = selector[2] ?? selector[3] ?? selector[4] ?? '';
  return { step: { key: selector[1] ?? '', value }, end: at + selector[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function pathError(text: string, at: number, reason: string): Error {
  return new Error(`the YAML path "${text}" is not valid at column ${at + 1}: ${reason}`);
}

export type FieldSearch =
  | { found: true; node: Node; address: (string | number)[] }
  /** `problem` says why it cannot be told; null when the document does not have the field. */
  | { found: false; problem: { node: Node; message: string } | null };

/** Follows a path from the root of a document, never through an alias. */
export function findField(root: Node | null, steps: readonly FieldStep[]): FieldSearch {
  let node = root;
  const address: (string | number)[] = [];
  for (const step of steps) {
    if (isAlias(node)) return { found: false, problem: { node, message: 'stands behind an alias' } };
    const place = typeof step === 'object' ? selectEntry(node, step) : step;
    if (place === null) return { found: false, problem: null };
    if (place === 'several' && typeof step === 'object') {
      const message = `is not clear: several entries have ${step.key}=${step.value}`;
      return { found: false, problem: node && { node, message } };
    }
    address.push(place);
    node = childAt(node, place);
  }
  return node ? { found: true, node, address } : { found: false, problem: null };
}

function selectEntry(
  node: Node | null,
  { key, value }: { key: string; value: string },
): number | 'several' | null {
  if (!isSeq(node)) return null;
  const matches = node.items.flatMap((item, index) => {
    const held = isMap(item) ? childAt(item, key) : null;
    return isScalar(held) && String(held.value) === value ? [index] : [];
  });
  return matches.length > 1 ? 'several' : (matches[0] ?? null);
}
