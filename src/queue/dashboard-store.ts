import type { Kysely } from 'kysely';
import type { DashboardStore } from '../promotion/ports/dashboard.ts';
import { keyOf } from './names.ts';

interface Tables {
  'sluice.dashboard': {
    repository: string;
    issue: number;
    view: string;
    /** Digests of the last texts. */
    texts: string;
    at_ms: string | number;
  };
}

/** In a table that all processes share. */
export function makeDashboardStore(database: Kysely<unknown>): DashboardStore {
  const tables = database as Kysely<Tables>;
  return {
    async read(repository) {
      const found = await tables
        .selectFrom('sluice.dashboard')
        .selectAll()
        .where('repository', '=', keyOf(repository))
        .executeTakeFirst();
      if (!found) return null;
      const { issue, view, texts, at_ms: atMs } = found;
      return { issue, view, texts: texts === '' ? [] : texts.split(' '), atMs: Number(atMs) };
    },
    async save(repository, { issue, view, texts, atMs }) {
      const row = { issue, view, texts: texts.join(' '), at_ms: Math.ceil(atMs) };
      await tables
        .insertInto('sluice.dashboard')
        .values({ repository: keyOf(repository), ...row })
        .onConflict((conflict) => conflict.column('repository').doUpdateSet(row))
        .execute();
    },
  };
}
