import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from 'yaml';
import type { ManifestProblem } from '../domain/value.ts';

/** A text file of the repository. */
export interface ManifestFile {
  /** Repository-relative. */
  path: string;
  text: string;
}

/** A file that is YAML (or JSON) without errors or duplicate keys. */
export interface YamlFile extends ManifestFile {
  documents: readonly Document[];
  /** 1-based line of an offset in `text`. */
  lineAt(offset: number): number;
}

export type YamlReading = { ok: true; file: YamlFile } | { ok: false; problem: ManifestProblem };

const MAX_CHARACTERS = 2_500_000;
/** The parser takes time by structure, not by length: about 2 s for this many, far more than a manifest has. */
const MAX_STRUCTURE = 400_000;
const TOO_DEEP = 'the YAML is nested too deeply; flatten it or take the file out of the promoted paths';

/**
 * Parses a file without giving scalars a type, so that `1.10` stays `1.10`, and without following an alias, so
 * that an alias bomb costs nothing. Nothing but the first error is reported: the rest usually follows from it.
 */
export function parseYamlFile({ path, text }: ManifestFile): YamlReading {
  const refuse = (line: number | null, message: string): YamlReading => ({
    ok: false,
    problem: { path, line, message },
  });
  if (text.length > MAX_CHARACTERS) {
    return refuse(
      null,
      `the file is larger than ${MAX_CHARACTERS} characters; take it out of the promoted paths`,
    );
  }
  if (countStructure(text) > MAX_STRUCTURE) {
    return refuse(null, 'the file has too many entries to be a manifest; take it out of the promoted paths');
  }
  const lines = new LineCounter();
  try {
    const documents: Document[] = [...parseAllDocuments(text, parseOptions(lines))];
    const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
    const error = documents.flatMap((document) => document.errors).at(0);
    if (error) return refuse(lineAt(error.pos[0]), describeSyntaxError(text, error.message));
    const duplicate = findDuplicateKey(documents);
    if (duplicate) {
      const message = `the key "${shorten(duplicate.key)}" stands twice in one mapping; remove one of them`;
      return refuse(lineAt(duplicate.offset), message);
    }
    return { ok: true, file: { path, text, documents, lineAt } };
  } catch (error) {
    // The parser recurses: nesting that it cannot follow overflows the stack.
    if (error instanceof RangeError) return refuse(null, TOO_DEEP);
    throw error;
  }
}

function parseOptions(lineCounter: LineCounter) {
  return {
    lineCounter,
    schema: 'failsafe',
    // Checked below: the parser's own check takes quadratic time in the number of keys.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
}

/** Marks and line ends: what the parser's time goes by. */
export function countStructure(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(/[[\]{},:\-?!&*\n]/g)) count += 1;
  return count;
}

function describeSyntaxError(text: string, message: string): string {
  const first = message.split('\n', 1)[0] ?? message;
  // How the parser reports that its recursion overflowed.
  if (first.includes('call stack')) return TOO_DEEP;
  return text.includes('{{')
    ? `the file is a template, not YAML (${first}); promote a field of a plain YAML file instead`
    : `the file is not valid YAML: ${first}; correct it`;
}

function findDuplicateKey(documents: readonly Document[]): { key: string; offset: number } | null {
  const open: unknown[] = documents.map((document) => document.contents).reverse();
  while (open.length > 0) {
    const node = open.pop();
    if (isSeq(node)) for (const item of node.items.toReversed()) open.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      if (isScalar(key)) {
        const text = String(key.value);
        // Several merge keys are a list of merges, not an overwritten value.
        if (seen.has(text) && text !== '<<') return { key: text, offset: key.range?.[0] ?? 0 };
        seen.add(text);
      } else {
        open.push(key);
      }
      open.push(value);
    }
  }
  return null;
}

/** The value under a key of a mapping, or at an index of a sequence; null when it is not there. */
export function childAt(node: unknown, step: string | number): Node | null {
  if (typeof step === 'number') return isSeq(node) ? asNode(node.items[step]) : null;
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
  return asNode(pair?.value);
}

export function asNode(value: unknown): Node | null {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null;
}

/** What stands at an address of a document; null when nothing does. */
export function nodeAt(
  file: YamlFile,
  { document, address }: { document: number; address: readonly (string | number)[] },
): Node | null {
  let node = asNode(file.documents[document]?.contents);
  for (const step of address) node = childAt(node, step);
  return node;
}

/** JSON needs quotes where YAML does not. Some repositories keep JSON in files without extension. */
export function isJson({ path, text }: ManifestFile): boolean {
  if (path.endsWith('.json')) return true;
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Text of people's files in messages: short, on one line. */
export function shorten(text: string, maxCharacters = 80): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > maxCharacters ? `${line.slice(0, maxCharacters)}…` : line;
}
