import { type Kysely, type Migration, sql } from 'kysely';
import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { QUEUE_MIGRATIONS } from '../../src/queue/migrations.ts';
import { makePauses } from '../../src/queue/pauses.ts';
import { type PostgresServer, startPostgres } from './start-postgres.ts';

const onError = () => undefined;
let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A migration that adds a row for each time it is done. */
const step = (name: string): Migration => ({
  async up(database: Kysely<unknown>) {
    await sql`create table if not exists steps (name text)`.execute(database);
    await sql`insert into steps values (${name})`.execute(database);
  },
});
const OLDER = { '0001': step('one') };
const NEWER = { ...OLDER, '0002': step('two') };

describe.each([
  [
    'on a server',
    async () => openDatabase({ url: await server.createDatabase('migrate'), folder: null, onError }),
  ],
  ['embedded', () => openDatabase({ url: null, folder: null, onError })],
])('%s', (_, open) => {
  let database: Database;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  afterEach(async () => {
    await sql`drop schema if exists sluice cascade`.execute(database.sql);
    await sql`drop table if exists steps`.execute(database.sql);
  });

  const done = async () => {
    const { rows } = await sql<{ name: string }>`select name from steps`.execute(database.sql);
    return rows.map(({ name }) => name);
  };

  test('an older version starts beside a newer one and after it, and nothing is done twice or undone', async () => {
    await migrate(database.sql, 'part', OLDER);
    await migrate(database.sql, 'part', NEWER);
    await migrate(database.sql, 'part', OLDER);
    await migrate(database.sql, 'part', NEWER);
    expect(await done()).toEqual(['one', 'two']);
  });

  test('processes that start together do each step once', async () => {
    await Promise.all([OLDER, NEWER, NEWER, OLDER, NEWER].map((set) => migrate(database.sql, 'part', set)));
    expect(await done()).toEqual(['one', 'two']);
  });

  test('of a step that fails nothing is kept, and the next start tries it again', async () => {
    const broken: Migration = {
      async up(all: Kysely<unknown>) {
        await step('half').up(all);
        await sql`select * from nothing`.execute(all);
      },
    };
    await migrate(database.sql, 'part', OLDER);
    await expect(migrate(database.sql, 'part', { ...OLDER, '0002': broken })).rejects.toThrow('nothing');
    expect(await done()).toEqual(['one']);
    await migrate(database.sql, 'part', NEWER);
    expect(await done()).toEqual(['one', 'two']);
  });

  test('what the first version of the queue reads and writes is still there, and counts for the newest', async () => {
    const first = Object.fromEntries(Object.entries(QUEUE_MIGRATIONS).slice(0, 3));
    await migrate(database.sql, 'queue', first);
    await migrate(database.sql, 'queue', QUEUE_MIGRATIONS);
    await sql`insert into sluice.creation values ('acme', 1, 1) on conflict (owner, slot) do update
      set used = sluice.creation.used + 1`.execute(database.sql);
    await sql`insert into sluice.taker values ('acme/gitops', 'acme/app')`.execute(database.sql);
    await sql`insert into sluice.pause values ('acme', 1000)`.execute(database.sql);
    const pauses = makePauses(database.sql);
    expect(await pauses.read('acme', 500, true)).toBe(1000);
    await pauses.pause('acme', 2000, true);
    expect([await pauses.read('acme', 500, true), await pauses.read('acme', 500, false)]).toEqual([
      1000, 2000,
    ]);
  });
});
