import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { makeDashboardStore } from '../../src/queue/dashboard-store.ts';
import { QUEUE_MIGRATIONS } from '../../src/queue/migrations.ts';

let database: Database;
afterEach(() => database.close());

test('what was written last is known, whatever the case of the name', async () => {
  database = await openDatabase({ url: null, folder: null, onError: () => undefined });
  await migrate(database.sql, 'queue', QUEUE_MIGRATIONS);
  const store = makeDashboardStore(database.sql);
  expect(await store.read('acme/fleet')).toBeNull();
  const first = { issue: 3, view: 'a', texts: ['b', 'c'], atMs: 1_764_400_000_000 };
  await store.save('acme/Fleet', first);
  expect(await store.read('ACME/fleet')).toEqual(first);
  const closed = { ...first, texts: [], atMs: first.atMs + 1 };
  await store.save('acme/fleet', closed);
  expect(await store.read('acme/fleet')).toEqual(closed);
});
