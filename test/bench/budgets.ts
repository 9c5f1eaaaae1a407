import { readFile } from 'node:fs/promises';
import type { Figures } from './scenario.ts';

/** What a figure may be. */
export interface Budget {
  most?: number;
  least?: number;
}

/** For each scenario and figure. `quick` counts with `--quick` instead: on a busy machine, with a wide margin. */
export type Budgets = Record<string, Record<string, Budget & { quick?: Budget }>>;

export interface Exceeded {
  figure: string;
  /** For people: `12, at most 10`. */
  why: string;
}

export async function readBudgets(): Promise<Budgets> {
  return JSON.parse(await readFile(new URL('budgets.json', import.meta.url), 'utf8')) as Budgets;
}

/** The budgets of one scenario as they count in this run. */
export function budgetsOf(budgets: Budgets, scenario: string, isQuick: boolean): Record<string, Budget> {
  return Object.fromEntries(
    Object.entries(budgets[scenario] ?? {}).map(([figure, { quick, ...full }]) => [
      figure,
      isQuick && quick ? quick : full,
    ]),
  );
}

/** What is over budget. A figure that has a budget and was not measured is, too. */
export function findExceeded(figures: Figures, budgets: Record<string, Budget>): Exceeded[] {
  return Object.entries(budgets).flatMap(([figure, { most, least }]) => {
    const value = figures[figure];
    if (value === undefined) return [{ figure, why: 'not measured' }];
    if (most !== undefined && !(value <= most)) return [{ figure, why: `${value}, at most ${most}` }];
    return least !== undefined && !(value >= least) ? [{ figure, why: `${value}, at least ${least}` }] : [];
  });
}
