/**
 * GitHub takes 65,536 characters. A browser may send each end of a line as two when somebody ticks a box, and a character
 * may be four bytes of the 262,144 that are stored; as JavaScript counts, neither can become too much within this.
 */
export const MOST_TEXT = 60_000;

/** Lines for as many things as fit, and how many are left; no line is made of what cannot fit any more. */
export function takeFitting<Thing>(
  things: readonly Thing[],
  most: { chars: number; lines: number },
  toLine: (thing: Thing) => string,
) {
  const kept: string[] = [];
  let chars = 0;
  for (const thing of things.slice(0, most.lines)) {
    const line = toLine(thing);
    if (chars + line.length + 1 > most.chars) break;
    chars += line.length + 1;
    kept.push(line);
  }
  return { kept, left: things.length - kept.length, chars };
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
  const { kept, left } = takeFitting(rows, most, row);
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
