import { stringify } from 'csv-stringify/sync';
import type { PromotionRecord } from '../history/record.ts';
import { printable } from './printable.ts';

type Cell = string | number;

const COLUMNS: Readonly<Record<string, (record: PromotionRecord) => Cell | null>> = {
  repository: ({ repository }) => repository,
  pull: ({ pull }) => pull,
  application: ({ application }) => application,
  environment: ({ environment }) => environment,
  kind: ({ kind }) => kind,
  from: ({ from }) => list(from),
  group: ({ group }) => group,
  release: ({ release }) => release,
  fingerprint: ({ fingerprint }) => fingerprint,
  superseded: ({ releases }) => list(releases.slice(0, -1).map(({ release }) => release)),
  changes: ({ changes }) =>
    list((changes ?? []).map(({ name, part, from, to }) => `${name} ${part} ${from ?? '-'} -> ${to ?? '-'}`)),
  source: ({ source }) => source,
  authors: ({ authors }) => list(authors),
  requested_by: ({ requestedBy }) => list(requestedBy),
  opened_at: ({ openedAt }) => openedAt,
  approvals: ({ approvals }) =>
    list((approvals ?? []).map(({ by, at, headSha }) => `${by} ${at ?? '?'} ${headSha}`)),
  gates: ({ gates }) => list((gates ?? []).map(({ gate, state }) => `${gate}: ${state}`)),
  overrides: ({ gates }) =>
    list((gates ?? []).flatMap(({ gate, override }) => (override ? [`${gate} by ${override.by}`] : []))),
  head_sha: ({ headSha }) => headSha,
  outcome: ({ outcome }) => outcome,
  merged_at: ({ mergedAt }) => mergedAt,
  merged_by: ({ mergedBy }) => mergedBy,
  merge_commit_sha: ({ mergeCommitSha }) => mergeCommitSha,
  closed_at: ({ closedAt }) => closedAt,
  closed_by: ({ closedBy }) => closedBy,
  url: ({ url }) => url,
};

/** The line of headings that comes first. */
export const CSV_HEADINGS = Object.keys(COLUMNS).join(',');

/** A record as a line of CSV; no cell is a formula to a spreadsheet, or steers a terminal. */
export function toCsv(record: PromotionRecord): string {
  const cells = Object.values(COLUMNS).map((cell) => plain(cell(record)));
  return stringify([cells], { escape_formulas: true, eof: false });
}

/** What a formula begins with counts after spaces too. */
function plain(cell: Cell | null): Cell | null {
  return typeof cell === 'string' ? printable(cell).trim() : cell;
}

function list(items: readonly string[]): string {
  return items.join('; ');
}
