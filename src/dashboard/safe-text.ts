import { code, plain } from '../promotion/markdown.ts';

const LONGEST_LABEL = 40;
const LONGEST_NAME = 80;

/** A release as inline code, cut where it is longer than a cell of a table bears. */
export function release(label: string): string {
  return code(cut(label, LONGEST_LABEL));
}

/** A name out of the repository, as text. */
export function name(text: string): string {
  return plain(cut(text, LONGEST_NAME));
}

/**
 * A pull request of this repository. The link is relative, so that GitHub does not write "mentioned this" on the pull
 * request each time the text changes.
 * https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#relative-links
 */
export function pullLink(number: number): string {
  return `[#${number}](../pull/${number})`;
}

/** The day of a time, in UTC: it stays the same however often the text is made. */
export function day(iso: string): string {
  return iso.slice(0, 10);
}

export function minute(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/**
 * A reason, which is Markdown of Sluice's own with pieces of other people's in it, made anew out of its words: code stays
 * code, numbers of pull requests become links, addresses in parentheses go, and nothing else means anything any more.
 */
export function reason(markdown: string, most: number): string {
  const words = markdown
    .replace(/\u200b/g, '')
    .replace(/\\([\\`*_{}[\]()<>#|~&])/g, '$1')
    .replace(/\s*\(https?:\/\/[^\s()]*\)/gi, '')
    .replace(/\*\*/g, '');
  return cut(words, most)
    .split(/(`+[^`]+`+)/)
    .map((piece, index) => (index % 2 === 1 ? inline(piece) : linked(piece)))
    .join('');
}

function inline(piece: string): string {
  return code(piece.replace(/^`+ ?| ?`+$/g, ''));
}

function linked(piece: string): string {
  return piece
    .split(/(?<![\p{L}\p{N}/&])#(\d{1,9})(?!\p{N})/u)
    .map((part, index) => (index % 2 === 1 ? pullLink(Number(part)) : plain(part)))
    .join('');
}

/** No more than so many characters, and never half of one. */
function cut(text: string, most: number): string {
  const shown = [...text];
  return shown.length <= most ? text : `${shown.slice(0, most - 1).join('')}…`;
}
