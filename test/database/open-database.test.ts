import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { type PostgresServer, startPostgres } from './start-postgres.ts';

let server: PostgresServer;
let folder: string;

beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'sluice-data-'));
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const onError = (error: Error) => {
  throw error;
};

describe.each([
  ['a server', async () => openDatabase({ url: await server.createDatabase('all'), folder: null, onError })],
  ['the embedded one', () => openDatabase({ url: null, folder: null, onError })],
])('%s', (_, open) => {
  let database: Database;

  beforeAll(async () => {
    database = await open();
    await sql`create table notes (id int primary key, text text not null)`.execute(database.sql);
  });

  afterAll(() => database.close());

  test('nothing of a transaction is seen before its end, and nothing mixes with it', async () => {
    const count = () => sql<{ n: number }>`select count(*)::int as n from notes`.execute(database.sql);
    let during: ReturnType<typeof count> | undefined;
    await expect(
      database.sql.transaction().execute(async (transaction) => {
        await sql`insert into notes values (1, 'a')`.execute(transaction);
        during = count();
        await sql`insert into notes values (1, 'again')`.execute(transaction);
      }),
    ).rejects.toThrow('duplicate key');
    expect((await during)?.rows).toEqual([{ n: 0 }]);
    expect((await count()).rows).toEqual([{ n: 0 }]);
  });

  test('says how many rows a statement changed', async () => {
    await sql`insert into notes values (2, 'b'), (3, 'c')`.execute(database.sql);
    const { numAffectedRows } = await sql`delete from notes`.execute(database.sql);
    expect(numAffectedRows).toBe(2n);
  });
});

describe('a data folder', () => {
  const open = () => openDatabase({ url: null, folder, onError });

  test('keeps what was written', async () => {
    const first = await open();
    await sql`create table kept (id int)`.execute(first.sql);
    await first.close();
    const second = await open();
    expect((await sql`select * from kept`.execute(second.sql)).rows).toEqual([]);
    await second.close();
  });
});
