import type { Budget, Exceeded } from './budgets.ts';
import type { Figures } from './scenario.ts';

/** A scenario with what was measured, and how that compares. */
export interface Measured {
  name: string;
  about: string;
  figures: Figures;
  budgets: Record<string, Budget>;
  exceeded: readonly Exceeded[];
}

/** A row for each figure, and a last line for people in a hurry. */
export function formatTable(all: readonly Measured[]): string {
  const rows = all.flatMap(({ name, figures, budgets, exceeded }) => {
    const names = [...new Set([...Object.keys(figures), ...Object.keys(budgets)])];
    return names.map((figure) => [
      name,
      figure,
      String(figures[figure] ?? '-'),
      describeBudget(budgets[figure]),
      exceeded.some((each) => each.figure === figure) ? 'EXCEEDED' : '',
    ]);
  });
  const lines = align([['scenario', 'figure', 'value', 'budget', ''], ...rows]);
  const over = all.filter(({ exceeded }) => exceeded.length > 0);
  const why = over.map(
    ({ name, about, exceeded }) =>
      `${name} (${about}): ${exceeded.map(({ figure, why }) => `${figure} is ${why}`).join('; ')}`,
  );
  return [...lines, '', ...why, over.length === 0 ? 'All within budget.' : 'Over budget, see above.'].join(
    '\n',
  );
}

function describeBudget({ most, least }: Budget = {}): string {
  if (most !== undefined) return `<= ${most}`;
  return least === undefined ? '' : `>= ${least}`;
}

function align(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
