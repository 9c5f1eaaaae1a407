import { structuredPatch } from 'diff';
import type { ResourceChange } from './compare-renderings.ts';
import type { FieldChange } from './compare-trees.ts';
import type { Tree } from './tree.ts';

const MOST_CHARACTERS = 240;
const CONTEXT_CHARACTERS = 40;
const MOST_FIELD_LINES = 40;

/** The lines of a `diff` block for one resource. */
export function describeFields({ fields, content }: ResourceChange): string[] {
  if (content !== null) return linesOf(content).map((line) => `+${clip(line)}`);
  return fields.flatMap(describeField);
}

function describeField({ path, from, to, isHidden }: FieldChange): string[] {
  const head = `@@ ${path || 'everything'} @@`;
  if (isHidden)
    return [
      head,
      ` ${from === null ? 'is added' : to === null ? 'is gone' : 'changes'}, its value is not shown`,
    ];
  if (typeof from === 'string' && typeof to === 'string') return [head, ...shorten(describeTexts(from, to))];
  const lines = [...sideLines('-', from), ...sideLines('+', to)];
  return [head, ...shorten(lines)];
}

function sideLines(sign: string, tree: Tree | null): string[] {
  return tree === null ? [] : linesOf(tree).map((line) => `${sign}${clip(line)}`);
}

function shorten(lines: string[]): string[] {
  const more = lines.length - MOST_FIELD_LINES;
  return more > 1 ? [...lines.slice(0, MOST_FIELD_LINES), ` … ${more} more lines`] : lines;
}

function describeTexts(from: string, to: string): string[] {
  if (from.includes('\n') || to.includes('\n')) {
    // Texts that have little in common take too long to compare, and to read.
    const patch = structuredPatch('', '', from, to, '', '', { context: 1, maxEditLength: 400, timeout: 500 });
    if (!patch) return [` ${from.split('\n').length} lines become ${to.split('\n').length} others`];
    const hunks = patch.hunks.map(({ lines }) => lines.filter((line) => !line.startsWith('\\')));
    if (hunks.length > 0)
      return hunks.flatMap((lines, index) => (index > 0 ? [' …', ...lines] : lines)).map(clip);
  }
  const start = firstDifference(from, to);
  return [`-${clip(from, start)}`, `+${clip(to, start)}`];
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index += 1;
  return index;
}

/** Shows the part of a long line that differs. */
function clip(line: string, difference = 0): string {
  if (line.length <= MOST_CHARACTERS) return line;
  const start = difference < MOST_CHARACTERS / 2 ? 0 : difference - CONTEXT_CHARACTERS;
  const end = start + MOST_CHARACTERS;
  const more = end < line.length ? `… (${line.length} characters)` : '';
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${more}`;
}

/** A tree in the manner of YAML, for people. */
function linesOf(tree: Tree, indent = ''): string[] {
  if (typeof tree === 'string') return scalarLines(tree, indent);
  if (Array.isArray(tree)) {
    if (tree.length === 0) return [`${indent}[]`];
    return tree.flatMap((item) => {
      const [first = '', ...rest] = linesOf(item, `${indent}  `);
      return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
    });
  }
  if (tree.size === 0) return [`${indent}{}`];
  return [...tree].flatMap(([key, value]) => {
    const isShort =
      typeof value === 'string'
        ? !value.includes('\n')
        : (Array.isArray(value) ? value.length : value.size) === 0;
    if (isShort) return [`${indent}${key}: ${linesOf(value).join('')}`];
    if (typeof value === 'string') return [`${indent}${key}: |`, ...scalarLines(value, `${indent}  `)];
    return [`${indent}${key}:`, ...linesOf(value, Array.isArray(value) ? indent : `${indent}  `)];
  });
}

function scalarLines(text: string, indent: string): string[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${indent}${line}`);
}
