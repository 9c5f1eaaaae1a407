/**
 * GitHub takes 65,536 characters. A browser may send each end of a line as two when somebody ticks a box, and a character
 * may be four bytes of the 262,144 that are stored; as JavaScript counts, neither can become too much within this.
 */
export const MOST_TEXT = 60_000;

/** As many of the lines as fit, and how many are left. */
export function takeFitting(lines: readonly string[], most: { chars: number; lines: number }) {
  const kept: string[] = [];
  let chars = 0;
  for (const line of lines) {
    chars += line.length + 1;
    if (chars > most.chars || kept.length === most.lines) break;
    kept.push(line);
  }
  return { kept, left: lines.length - kept.length, chars: kept.join('\n').length };
}

/** A row of a table; its cells must be safe. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A table with as many rows as fit, and how many are left, in words: `12 more promotions`. */
export function fittingTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  most: { chars: number; lines: number },
  what: string,
): string {
  const { kept, left } = takeFitting(rows.map(row), most);
  const table = [row(header), row(header.map(() => '---')), ...kept].join('\n');
  return left > 0 ? `${table}\n\n${leftOut(left, what)}` : table;
}

export function leftOut(count: number, what: string): string {
  return `_${count} more ${what} left out here._`;
}

export function fold(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

export function plural(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
