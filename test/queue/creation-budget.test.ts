import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import type { RestError } from '../../src/promotion/ports/rest.ts';
import { makeCreationBudget } from '../../src/queue/creation-budget.ts';
import { QUEUE_MIGRATIONS } from '../../src/queue/migrations.ts';
import { type PostgresServer, startPostgres } from '../database/start-postgres.ts';

const START_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const onError = () => undefined;

/** Creates as much as may be from a time on; says how much, and when there may be more. */
async function spendAll(
  database: Database,
  owner: string,
  nowMs: number,
  isUrgent: boolean,
): Promise<{ count: number; untilMs: number; sparesUrgent: boolean }> {
  const budget = makeCreationBudget(database.sql);
  for (let count = 0; ; count += 1) {
    try {
      await budget.spend(owner, nowMs, isUrgent);
    } catch (error) {
      return { count, ...(error as RestError).rest };
    }
  }
}

describe('embedded', () => {
  let database: Database;

  beforeEach(async () => {
    database = await openDatabase({ url: null, folder: null, onError });
    await migrate(database.sql, 'queue', QUEUE_MIGRATIONS);
  });
  afterEach(() => database.close());

  test('never more than GitHub takes in any minute, and each owner has its own', async () => {
    const first = await spendAll(database, 'acme', START_MS, true);
    expect(first.count).toBe(75);
    expect(first.untilMs).toBe(START_MS + MINUTE_MS);
    expect((await spendAll(database, 'acme', START_MS + MINUTE_MS - 1, true)).count).toBe(0);
    expect((await spendAll(database, 'other', START_MS, true)).count).toBe(75);
    expect((await spendAll(database, 'acme', first.untilMs, true)).count).toBe(75);
  });

  test.each([
    ['urgent', true, 480],
    ['routine', false, 420],
  ])('never more than GitHub takes in any hour, for %s work', async (_, isUrgent, most) => {
    let nowMs = START_MS;
    let total = 0;
    while (nowMs < START_MS + HOUR_MS) {
      const { count, untilMs } = await spendAll(database, 'acme', nowMs, isUrgent);
      total += count;
      expect(untilMs).toBeGreaterThan(nowMs);
      nowMs = untilMs;
    }
    expect(total).toBe(most);
  });

  test('when routine work has used its part, a command still goes on', async () => {
    const routine = await spendAll(database, 'acme', START_MS, false);
    expect(routine).toMatchObject({ count: 60, sparesUrgent: true });
    const urgent = await spendAll(database, 'acme', START_MS, true);
    expect(urgent).toMatchObject({ count: 15, sparesUrgent: false });
  });
});

describe('on a server', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test('processes that create at the same moment stay below the limit together', async () => {
    const url = await server.createDatabase('budget');
    const processes = await Promise.all([1, 2].map(() => openDatabase({ url, folder: null, onError })));
    try {
      await migrate(processes[0]!.sql, 'queue', QUEUE_MIGRATIONS);
      // Nobody has spent anything yet: the race is also about who writes first.
      const tries = Array.from({ length: 200 }, (_, index) =>
        makeCreationBudget(processes[index % 2]!.sql)
          .spend('acme', START_MS + index, true)
          .then(
            () => 1,
            () => 0,
          ),
      );
      const spent = await Promise.all(tries);
      expect(spent.filter((one) => one === 1)).toHaveLength(75);
    } finally {
      for (const each of processes) await each.close();
    }
  });
});
