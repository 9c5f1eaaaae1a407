import type { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { makeCreationBudget, type RestError } from '../../src/queue/creation-budget.ts';
import { QUEUE_MIGRATIONS } from '../../src/queue/migrations.ts';

const START_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
let database: Database;

beforeEach(async () => {
  database = await openDatabase({ url: null, folder: null, onError: () => undefined });
  await migrate(database.sql, 'queue', QUEUE_MIGRATIONS);
});
afterEach(() => database.close());

/** Creates as much as may be from a time on; says how much, and when there may be more. */
async function spendAll(owner: string, nowMs: number): Promise<{ count: number; untilMs: number }> {
  const budget = makeCreationBudget(database.sql);
  for (let count = 0; ; count += 1) {
    try {
      await budget.spend(owner, nowMs);
    } catch (error) {
      return { count, untilMs: (error as RestError).restUntilMs };
    }
  }
}

test('never more than GitHub takes in any minute, and each owner has its own', async () => {
  const first = await spendAll('acme', START_MS);
  expect(first.count).toBe(75);
  expect(first.untilMs).toBeGreaterThanOrEqual(START_MS + MINUTE_MS);
  expect((await spendAll('acme', START_MS + MINUTE_MS - 1)).count).toBe(0);
  expect((await spendAll('other', START_MS)).count).toBe(75);
  expect((await spendAll('acme', first.untilMs)).count).toBe(75);
});

test('never more than GitHub takes in any hour', async () => {
  let nowMs = START_MS;
  let total = 0;
  while (nowMs < START_MS + 60 * MINUTE_MS) {
    const { count, untilMs } = await spendAll('acme', nowMs);
    total += count;
    expect(untilMs).toBeGreaterThan(nowMs);
    nowMs = untilMs;
  }
  expect(total).toBe(480);
});
