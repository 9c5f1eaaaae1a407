import { type Kysely, sql, type Transaction } from 'kysely';
import { makeWithTables } from '../database/with-tables.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { EndedPull } from './ledger/ledger-index.ts';
import { HISTORY_MIGRATIONS } from './migrations.ts';
import type { PromotionRecord } from './record.ts';
import { type HistoryTables, toRecord, toRow } from './table.ts';

const KEY = ['repository', 'pull', 'application', 'environment'] as const;

/** Which promotions are looked for; each that is null lets all through. */
export interface Filter {
  repository: string | null;
  application: string | null;
  environment: string | null;
}

/** A part of a list. */
export interface Page {
  limit: number;
  offset: number;
}

/** A release that a promotion brought to a target. */
export interface Arrival extends Pick<PromotionRecord, 'application' | 'environment' | 'release'> {
  /** ISO 8601. */
  mergedAt: string;
}

/** The records in a database, whose tables are made when they are missing. */
export interface HistoryStore {
  /** What is known of a pull request. */
  read(repository: string, pull: number): Promise<PromotionRecord[]>;
  /**
   * Has `change` make the records of a pull request anew from those that are there; nothing else comes in between.
   * Those that it leaves out stay. `isWhole`: there is nothing more to ask GitHub for.
   */
  change(
    repository: string,
    pull: number,
    change: (before: PromotionRecord[]) => PromotionRecord[],
    isWhole: boolean,
  ): Promise<void>;
  /** Pull requests of which there is more to ask, the first opened first. */
  listUnfinished(repository: string): Promise<number[]>;
  /** Pull requests of which there is nothing more to ask, among these. */
  findWhole(repository: string, pulls: readonly number[]): Promise<Set<number>>;
  /** Pull requests that have ended, and are not on the state branch as they are here, with their records. */
  listUnkept(repository: string, most: number): Promise<EndedPull[]>;
  /** They are on the state branch now, unless something has become of them since. */
  markKept(repository: string, pulls: readonly number[]): Promise<void>;
  /** Of each target the promotion that merged last. */
  listArrivals(repository: string): Promise<Arrival[]>;
  /** Merged, or closed by a person: the last that ended first. */
  listEnded(repository: string, most: number): Promise<PromotionRecord[]>;
  /** The last opened first. */
  list(filter: Filter, page: Page): Promise<PromotionRecord[]>;
}

/** Opens the history in a database. Nothing is asked before its first use. */
export function makeHistoryStore(database: Kysely<unknown>, log: Pick<Log, 'warn'>): HistoryStore {
  const tables = database as Kysely<HistoryTables>;
  const withTables = makeWithTables(database, 'history', HISTORY_MIGRATIONS, () =>
    log.warn({}, 'the database lost the history; `sluice history rebuild` makes it again'),
  );

  const ofPull = (on: Kysely<HistoryTables>, repository: string, pull: number) =>
    on
      .selectFrom('sluice.promotion')
      .selectAll()
      .where('repository', '=', repository)
      .where('pull', '=', pull)
      .orderBy('application')
      .orderBy('environment');

  return {
    read: (repository, pull) =>
      withTables(async () => (await ofPull(tables, repository, pull).execute()).map(toRecord)),
    change: (repository, pull, change, isWhole) =>
      withTables(() =>
        tables.transaction().execute(async (transaction) => {
          const before = await ofPull(transaction, repository, pull).forUpdate().execute();
          for (const record of change(before.map(toRecord))) await write(transaction, record, isWhole);
        }),
      ),
    listUnfinished: (repository) =>
      withTables(async () => {
        const rows = await tables
          .selectFrom('sluice.promotion')
          .select('pull')
          .distinct()
          .where('repository', '=', repository)
          .where('is_whole', '=', false)
          .orderBy('pull')
          .execute();
        return rows.map(({ pull }) => pull);
      }),
    findWhole: (repository, pulls) =>
      withTables(async () => {
        if (pulls.length === 0) return new Set();
        const rows = await tables
          .selectFrom('sluice.promotion')
          .select('pull')
          .where('repository', '=', repository)
          .where('pull', 'in', pulls)
          .groupBy('pull')
          .having(sql<boolean>`bool_and(is_whole)`)
          .execute();
        return new Set(rows.map(({ pull }) => pull));
      }),
    listUnkept: (repository, most) =>
      withTables(async () => {
        const unkept = await tables
          .selectFrom('sluice.promotion')
          .select('pull')
          .where('repository', '=', repository)
          .where('is_whole', '=', true)
          .where('is_kept', '=', false)
          .groupBy('pull')
          .orderBy('pull')
          .limit(most)
          .execute();
        return Promise.all(
          unkept.map(async ({ pull }) => ({
            pull,
            records: (await ofPull(tables, repository, pull).execute()).map(toRecord),
          })),
        );
      }),
    markKept: (repository, pulls) =>
      withTables(async () => {
        if (pulls.length === 0) return;
        await tables
          .updateTable('sluice.promotion')
          .set({ is_kept: true })
          .where('repository', '=', repository)
          .where('pull', 'in', pulls)
          .where('is_whole', '=', true)
          .execute();
      }),
    listArrivals: (repository) =>
      withTables(async () => {
        const rows = await tables
          .selectFrom('sluice.promotion')
          .select(['application', 'environment', 'release', 'merged_at'])
          .distinctOn(['application', 'environment'])
          .where('repository', '=', repository)
          .where('outcome', '=', 'merged')
          .where('merged_at', 'is not', null)
          .orderBy('application')
          .orderBy('environment')
          .orderBy('merged_at', 'desc')
          .execute();
        return rows.map(({ merged_at: at, ...rest }) => ({ ...rest, mergedAt: at!.toISOString() }));
      }),
    listEnded: (repository, most) =>
      withTables(async () => {
        const rows = await tables
          .selectFrom('sluice.promotion')
          .selectAll()
          .where('repository', '=', repository)
          .where('outcome', 'in', ['merged', 'closed'])
          .orderBy(sql`coalesce(merged_at, closed_at)`, 'desc')
          .orderBy('pull', 'desc')
          .orderBy('application')
          .limit(most)
          .execute();
        return rows.map(toRecord);
      }),
    list: ({ repository, application, environment }, { limit, offset }) =>
      withTables(async () => {
        let found = tables.selectFrom('sluice.promotion').selectAll();
        if (repository !== null) found = found.where(sql`lower(repository)`, '=', repository.toLowerCase());
        if (application !== null) found = found.where('application', '=', application);
        if (environment !== null) found = found.where('environment', '=', environment);
        const rows = await found
          .orderBy('opened_at', 'desc')
          .orderBy('repository')
          .orderBy('pull', 'desc')
          .orderBy('application')
          .orderBy('environment')
          .limit(limit)
          .offset(offset)
          .execute();
        return rows.map(toRecord);
      }),
  };
}

async function write(
  on: Transaction<HistoryTables>,
  record: PromotionRecord,
  isWhole: boolean,
): Promise<void> {
  const row = toRow(record, isWhole);
  await on
    .insertInto('sluice.promotion')
    .values(row)
    .onConflict((conflict) => conflict.columns(KEY).doUpdateSet(row))
    .execute();
}
