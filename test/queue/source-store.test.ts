import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import type { DispatchedBuild, SourceStore } from '../../src/promotion/ports/jobs.ts';
import { QUEUE_MIGRATIONS } from '../../src/queue/migrations.ts';
import { makeSourceStore } from '../../src/queue/source-store.ts';
import { type PostgresServer, startPostgres } from '../database/start-postgres.ts';
import { makeMemorySources } from './memory-sources.ts';

const HOUR = 60 * 60 * 1_000_000;
let server: PostgresServer;
let databases = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const build = (order: number, more: Partial<DispatchedBuild> = {}): DispatchedBuild => ({
  repository: 'acme/Checkout',
  type: 'built',
  payload: { tag: `v${order}`, 'odd "key"': [null] },
  order,
  sender: 'dan',
  ...more,
});

const opened: Database[] = [];
async function inDatabase(url: string | null): Promise<SourceStore> {
  const database = await openDatabase({ url, folder: null, onError: () => undefined });
  opened.push(database);
  await migrate(database.sql, 'queue', QUEUE_MIGRATIONS);
  return makeSourceStore(database.sql);
}
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

describe.each([
  ['in memory', async () => makeMemorySources()],
  ['on a server', async () => inDatabase(await server.createDatabase(`sources_${++databases}`))],
  ['embedded', () => inDatabase(null)],
])('%s', (_, open) => {
  let store: SourceStore;
  beforeEach(async () => {
    store = await open();
  });

  test('finds who takes builds of a repository, however its name is written, by the latest config', async () => {
    await store.save('acme/fleet', ['Acme/Checkout', 'acme/cart']);
    await store.save('acme/lab', ['acme/checkout', 'acme/checkout']);
    expect(await store.find('ACME/checkout')).toEqual(['acme/fleet', 'acme/lab']);
    expect(await store.find('acme/fleet')).toEqual([]);
    await store.save('acme/fleet', ['acme/cart']);
    expect(await store.find('acme/checkout')).toEqual(['acme/lab']);
    await store.save('acme/lab', []);
    expect(await store.find('acme/checkout')).toEqual([]);
  });

  test('keeps what was told until each that takes it has, oldest first and each once', async () => {
    await store.tell([build(2), build(1)]);
    await store.tell([build(2), build(3, { type: 'other' }), build(4, { repository: 'acme/cart' })]);
    const all = [build(1), build(2), build(3, { type: 'other' })];
    expect(await store.readTold('acme/fleet', ['acme/checkout'])).toEqual(all);
    await store.taken('acme/fleet', [build(2)]);
    expect(await store.readTold('acme/fleet', ['ACME/checkout'])).toEqual([build(3, { type: 'other' })]);
    expect(await store.readTold('acme/lab', ['acme/checkout'])).toEqual(all);
    await store.taken('acme/fleet', [build(1)]);
    expect(await store.readTold('acme/fleet', ['acme/checkout'])).toHaveLength(1);
  });

  test('knows whether the log was read since everything was forgotten', async () => {
    expect(await store.isForgetful()).toBe(true);
    await store.remember();
    await store.remember();
    expect(await store.isForgetful()).toBe(false);
  });
});

test('what is older than GitHub keeps a delivery is forgotten', async () => {
  const store = await inDatabase(null);
  const now = 1_764_000_000_000_000;
  await store.tell([build(now - 97 * HOUR)]);
  await store.tell([build(now)]);
  expect(await store.readTold('acme/fleet', ['acme/checkout'])).toEqual([build(now)]);
});

test('two processes that see a config change go by the latest, whoever wrote before', async () => {
  const url = await server.createDatabase(`sources_${++databases}`);
  const [one, other] = [await inDatabase(url), await inDatabase(url)];
  await one.save('acme/fleet', ['acme/checkout']);
  await other.save('acme/fleet', ['acme/cart']);
  await one.save('acme/fleet', ['acme/checkout']);
  expect(await other.find('acme/checkout')).toEqual(['acme/fleet']);
});
