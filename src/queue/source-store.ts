import type { Kysely } from 'kysely';
import type { SourceStore } from '../promotion/ports/jobs.ts';

interface Tables {
  'sluice.taker': { repository: string; source: string };
}

/** Who takes whose builds, in a table that all processes share. Written only when it changes. */
export function makeSourceStore(database: Kysely<unknown>): SourceStore {
  const tables = database as Kysely<Tables>;
  const written = new Map<string, string>();
  return {
    async save(repository, sources) {
      const wanted = [...new Set(sources.map((source) => source.toLowerCase()))].sort();
      const mark = wanted.join(' ');
      if (written.get(repository) === mark) return;
      await tables.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('sluice.taker').where('repository', '=', repository).execute();
        if (wanted.length === 0) return;
        await transaction
          .insertInto('sluice.taker')
          .values(wanted.map((source) => ({ repository, source })))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      });
      written.set(repository, mark);
    },
    async find(source) {
      const found = await tables
        .selectFrom('sluice.taker')
        .select('repository')
        .where('source', '=', source.toLowerCase())
        .execute();
      return found.map(({ repository }) => repository);
    },
  };
}
