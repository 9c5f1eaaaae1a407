/**
 * Where a character of a YAML text stands in the source: `at` is an offset into the value, the result one into the
 * source. YAML leaves out indentation, quotes and backslashes and folds lines, and changes nothing else of what people
 * write: so the characters of the value are looked up in their order. Null when they are not all there.
 */
export function findInScalar(
  source: string,
  [start, end]: readonly [start: number, end: number],
  value: unknown,
  at: number,
): number | null {
  if (typeof value !== 'string') return null;
  let position = /["']/.test(source[start] ?? '') ? start + 1 : skipHeader(source, start);
  // At the end of the text, the last character is shown.
  const last = Math.min(at, value.trimEnd().length - 1);
  for (let index = 0; index <= last; index++) {
    const character = value[index]!;
    if (/\s/.test(character)) continue;
    const found = source.indexOf(character, position);
    if (found === -1 || found >= end) return null;
    position = found + 1;
  }
  return position - 1;
}

/** The line of `|` or `>` is not part of the text. */
function skipHeader(source: string, start: number): number {
  const isBlock = /[|>]/.test(source[start] ?? '');
  const lineEnd = source.indexOf('\n', start);
  return isBlock && lineEnd !== -1 ? lineEnd + 1 : start;
}
