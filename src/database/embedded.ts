import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely } from 'kysely';
import { fromPglite } from 'pg-boss';
import type { Database } from './database.ts';
import { embeddedDialect } from './embedded-dialect.ts';
import { type Exclusive, makeExclusive } from './exclusive.ts';
import { lockFolder } from './lock-folder.ts';

/** Where the embedded database keeps its files below the data folder. */
const FILES = 'postgres';

/**
 * Opens PostgreSQL inside this process, with its files in a folder that no other process may use at the same time.
 *
 * @param folder null: nothing is kept
 * @throws when another process has the folder, with its place and what to do
 */
export async function openEmbedded(folder: string | null): Promise<Database> {
  const unlock = folder === null ? async () => {} : await lockedFolder(folder);
  try {
    const postgres = await PGlite.create(folder === null ? {} : { dataDir: join(folder, FILES) });
    const turns = makeExclusive();
    const sql = new Kysely<unknown>({ dialect: embeddedDialect(postgres, turns) });
    return {
      sql,
      boss: { db: inTurn(fromPglite(postgres), turns), backend: 'pglite' },
      async close() {
        await sql.destroy();
        await postgres.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function lockedFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  return lockFolder(folder);
}

/** The queue's statements wait while a transaction of the others has the one connection. */
function inTurn(boss: Required<Database['boss']>['db'], turns: Exclusive): typeof boss {
  return {
    ...boss,
    async executeSql(text, values) {
      const leave = await turns.enter();
      try {
        return await boss.executeSql(text, values);
      } finally {
        leave();
      }
    },
  };
}
