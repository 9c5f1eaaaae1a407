import { type Kysely, sql } from 'kysely';
import type { DispatchedBuild, SourceStore } from '../promotion/ports/jobs.ts';
import { keyOf } from './names.ts';

interface Tables {
  'sluice.taker': { repository: string; source: string };
  'sluice.told_build': { source: string; type: string; told_order: string | number; build: unknown };
  'sluice.taken_build': { repository: string; source: string; type: string; told_order: string | number };
  'sluice.known': { name: string };
}

/** That GitHub's log of deliveries was read since the tables were made. */
const LOG_WAS_READ = 'delivery-log';

/** As long as GitHub has the delivery, and a day: https://docs.github.com/en/webhooks/using-webhooks/redelivering-webhooks */
const KEPT_MS = 4 * 24 * 60 * 60 * 1000;
/** Orders are microseconds since the epoch. */
const ORDERS_IN_MS = 1_000;
const MOST_TOLD = 1_000;

/** In tables that all processes share. */
export function makeSourceStore(database: Kysely<unknown>): SourceStore {
  const tables = database as Kysely<Tables>;
  return {
    save: (repository, sources) => saveSources(tables, repository, sources),
    async find(source) {
      const found = await tables
        .selectFrom('sluice.taker')
        .select('repository')
        .where('source', '=', keyOf(source))
        .orderBy('repository')
        .execute();
      return found.map(({ repository }) => repository);
    },
    async tell(builds) {
      if (builds.length === 0) return;
      await tables
        .insertInto('sluice.told_build')
        .values(builds.map(toRow))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const newest = Math.max(...builds.map(({ order }) => order));
      await forget(tables, newest - KEPT_MS * ORDERS_IN_MS);
    },
    readTold: (repository, sources) => readTold(tables, repository, sources),
    async taken(repository, builds) {
      for (const { repository: source, type, order } of builds) {
        await tables
          .insertInto('sluice.taken_build')
          .values({ repository, source: keyOf(source), type, told_order: order })
          .onConflict((conflict) =>
            conflict
              .columns(['repository', 'source', 'type'])
              .doUpdateSet({ told_order: sql`greatest(excluded.told_order, sluice.taken_build.told_order)` }),
          )
          .execute();
      }
    },
    async isForgetful() {
      const found = await tables
        .selectFrom('sluice.known')
        .select('name')
        .where('name', '=', LOG_WAS_READ)
        .execute();
      return found.length === 0;
    },
    async remember() {
      await tables
        .insertInto('sluice.known')
        .values({ name: LOG_WAS_READ })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}

/** Written only when it changes, as most looks find what the last one did. */
async function saveSources(
  tables: Kysely<Tables>,
  repository: string,
  sources: readonly string[],
): Promise<void> {
  const wanted = [...new Set(sources.map(keyOf))].sort();
  const known = await tables
    .selectFrom('sluice.taker')
    .select('source')
    .where('repository', '=', repository)
    .execute();
  const isSame =
    known
      .map(({ source }) => source)
      .sort()
      .join(' ') === wanted.join(' ');
  if (isSame) return;
  await tables.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('sluice.taker').where('repository', '=', repository).execute();
    if (wanted.length === 0) return;
    await transaction
      .insertInto('sluice.taker')
      .values(wanted.map((source) => ({ repository, source })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

async function readTold(
  tables: Kysely<Tables>,
  repository: string,
  sources: readonly string[],
): Promise<DispatchedBuild[]> {
  const found = await tables
    .selectFrom('sluice.told_build as told')
    .leftJoin('sluice.taken_build as taken', (join) =>
      join
        .onRef('taken.source', '=', 'told.source')
        .onRef('taken.type', '=', 'told.type')
        .on('taken.repository', '=', repository),
    )
    .select('told.build')
    .where('told.source', 'in', sources.map(keyOf))
    .where((where) =>
      where.or([
        where('taken.told_order', 'is', null),
        where('taken.told_order', '<', where.ref('told.told_order')),
      ]),
    )
    .orderBy('told.told_order', 'desc')
    .limit(MOST_TOLD)
    .execute();
  return found.map(({ build }) => build as DispatchedBuild).reverse();
}

async function forget(tables: Kysely<Tables>, oldest: number): Promise<void> {
  await tables.deleteFrom('sluice.told_build').where('told_order', '<', oldest).execute();
}

function toRow(build: DispatchedBuild): Tables['sluice.told_build'] {
  const { repository, type, order } = build;
  // As text: a driver would take an object with a `toJSON` of its own for something else.
  return { source: keyOf(repository), type, told_order: order, build: JSON.stringify(build) };
}
