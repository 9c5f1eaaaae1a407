import type { NotPromoted } from '../../domain/promotion.ts';
import type { Holding } from '../../promotion/list-holdings.ts';

/** A promotion as the demo saw it, read from git and the pull requests. */
export interface ReportedPromotion {
  application: string;
  from: string;
  to: string;
  release: string;
  pull: number;
  merged: boolean;
}

/** The last line of `--json`. */
export interface Report {
  ok: boolean;
  /** Why not, when `ok` is false. */
  problems?: string[];
  applications: number;
  environments: string[];
  promotions: ReportedPromotion[];
  notPromoted: { application: string; from: string; to: string; reason: string }[];
  apiCalls: number;
  seconds: number;
}

export function toNotPromoted({ application, from, to, reason }: NotPromoted): Report['notPromoted'][number] {
  return { application, from: nameSource(from), to, reason };
}

/** Where a release comes from, in words: environments, or the build that brought it to a first one. */
export function nameSource(from: readonly string[]): string {
  return from.length > 0 ? from.join(', ') : 'build';
}

/** The matrix application x environment, as text. */
export function formatMatrix(environments: readonly string[], holdings: readonly Holding[]): string {
  const applications = [...new Set(holdings.map(({ application }) => application))].sort();
  const rows = applications.map((application) => [
    application,
    ...environments.map(
      (environment) =>
        holdings.find((each) => each.application === application && each.environment === environment)
          ?.release ?? '-',
    ),
  ]);
  const table = [['application', ...environments], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One line for each step of the demo, with the time since its start. */
export type Say = (line: string) => void;

export function makeSay(write: (line: string) => void, startedMs: number, now: () => number): Say {
  return (line) => write(`${((now() - startedMs) / 1000).toFixed(1).padStart(5)}s  ${line}`);
}
