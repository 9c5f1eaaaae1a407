import pino from 'pino';
import { Probot } from 'probot';
import type { Client } from '../github/client.ts';
import { makeHost } from '../github/host.ts';
import { type Rebuilt, rebuildRepository } from '../history/rebuild.ts';
import type { PromotionRecord } from '../history/record.ts';
import { type Filter, type HistoryStore, makeHistoryStore } from '../history/store.ts';
import type { Log } from '../promotion/ports/log.ts';
import { readCredentials } from './credentials.ts';
import type { Output } from './explain.ts';
import { CSV_HEADINGS, toCsv } from './history-csv.ts';
import { openForCommand } from './open-for-command.ts';
import { alignColumns, printable, toPrintableJson } from './printable.ts';

export type HistoryFormat = 'table' | 'json' | 'csv';

export const NOTHING =
  'No such promotion is written down. `sluice history rebuild` looks for those of before.';

/** A table wants all of its rows at once; the others go on to the end unless they are told to stop. */
const MOST_ROWS = 50;
/** Read at once. */
const PAGE = 200;

export interface HistoryOptions {
  format: HistoryFormat;
  /** How many; null: fifty rows of a table, or everything. */
  most: number | null;
}

/** Prints what was promoted, the last first; reads the database of the environment alone. */
export async function listHistory(
  env: NodeJS.ProcessEnv,
  filter: Filter,
  options: HistoryOptions,
  output: Output,
): Promise<void> {
  const database = await openForCommand(env);
  try {
    await printHistory(makeHistoryStore(database.sql, logTo(env)), filter, options, output);
  } finally {
    await database.close();
  }
}

/** Prints what the history holds, the last opened first. */
export async function printHistory(
  store: Pick<HistoryStore, 'list'>,
  filter: Filter,
  { format, most }: HistoryOptions,
  output: Output,
): Promise<void> {
  if (format === 'table') return printTable(store, filter, most ?? MOST_ROWS, output);
  const lineOf = format === 'csv' ? toCsv : toPrintableJson;
  if (format === 'csv') output.line(CSV_HEADINGS);
  for (let offset = 0, isLast = false; !isLast; offset += PAGE) {
    const limit = Math.min(PAGE, (most ?? Number.POSITIVE_INFINITY) - offset);
    const records = limit > 0 ? await store.list(filter, { limit, offset }) : [];
    for (const record of records) output.line(lineOf(record));
    isLast = records.length < PAGE;
  }
}

async function printTable(
  store: Pick<HistoryStore, 'list'>,
  filter: Filter,
  most: number,
  output: Output,
): Promise<void> {
  const records = await store.list(filter, { limit: most + 1, offset: 0 });
  if (records.length === 0) return output.error(NOTHING);
  for (const line of alignColumns([HEADINGS, ...records.slice(0, most).map(toCells)])) output.line(line);
  if (records.length > most)
    output.error(`There are more than ${most}: \`--limit\` says how many are shown.`);
}

const HEADINGS = ['opened', 'application', 'from', 'to', 'release', 'outcome', 'when', 'by', 'pull request'];

function toCells(record: PromotionRecord): string[] {
  const { openedAt, application, from, environment, release, outcome, url } = record;
  const when = record.mergedAt ?? record.closedAt;
  const by = record.mergedBy ?? record.closedBy;
  const source = from.length > 0 ? from.join('+') : 'build';
  const cells = [toMinute(openedAt), application, source, environment, release, outcome];
  return [...cells, when ? toMinute(when) : '-', by ?? '-', url].map(printable);
}

/** `2026-03-01T12:00Z` */
function toMinute(time: string): string {
  return `${time.slice(0, 16)}Z`;
}

export interface RebuildOptions {
  /** Full name of a GitOps repository; null: all that the App is installed on. */
  repository: string | null;
  /** Leaves alone what is whole already, as after a rebuild that was interrupted. */
  isResumed: boolean;
}

/**
 * Makes the history again from what git and GitHub know, repository after repository. False when one could not be read;
 * the others are made all the same.
 */
export async function rebuildHistory(
  env: NodeJS.ProcessEnv,
  { repository, isResumed }: RebuildOptions,
  output: Output,
): Promise<boolean> {
  const log = logTo(env);
  const probot = new Probot({ ...(await readCredentials(env)), baseUrl: env.GITHUB_API_URL, log });
  const host = makeHost(async (id) => (await probot.auth(id)) as Client, log);
  const database = await openForCommand(env);
  try {
    const store = makeHistoryStore(database.sql, log);
    const listed = repository === null ? await host.listRepositories() : null;
    let isWhole = listed?.isWhole ?? true;
    if (!isWhole)
      output.error('The repositories of some installation cannot be listed; the others are read.');
    for (const name of listed?.repositories ?? [repository!]) {
      try {
        output.line(describe(name, await rebuildRepository(store, await host.open(name), name, isResumed)));
      } catch (error) {
        isWhole = false;
        const reason = error instanceof Error ? error.message : String(error);
        output.error(
          printable(
            `${name}: ${reason}. What was read is kept; \`sluice history rebuild --resume\` goes on.`,
          ),
        );
      }
    }
    return isWhole;
  } finally {
    await database.close();
  }
}

function describe(repository: string, { pulls, promotions, skipped, withoutGates }: Rebuilt): string {
  const parts = [`${promotions} promotions in ${pulls} pull requests`];
  if (skipped > 0) parts.push(`${skipped} pull requests were there already`);
  if (withoutGates > 0)
    parts.push(`the gates of ${withoutGates} cannot be known again: GitHub does not have their check runs`);
  return printable(`${repository}: ${parts.join('; ')}`);
}

function logTo(env: NodeJS.ProcessEnv): pino.Logger & Log {
  return pino({ level: env.LOG_LEVEL ?? 'error' }, pino.destination(2));
}
