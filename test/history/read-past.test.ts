import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { makeDashboardHistory } from '../../src/history/read-past.ts';
import type { PromotionRecord } from '../../src/history/record.ts';
import { makeHistoryStore } from '../../src/history/store.ts';
import { recordOf } from './support.ts';

let database: Database;
afterEach(() => database.close());

test('the dashboard is told what ended last, and since when each target holds what a promotion brought', async () => {
  database = await openDatabase({ url: null, folder: null, onError: () => undefined });
  const store = makeHistoryStore(database.sql, { warn: () => undefined });
  const keep = (record: PromotionRecord) =>
    store.change(record.repository, record.pull, () => [record], true);
  const at = (hour: number) => `2026-03-01T${hour}:00:00.000Z`;
  const merged = (pull: number, release: string, hour: number) =>
    recordOf({ pull, release, outcome: 'merged', mergedAt: at(hour), mergedBy: 'bea' });
  await keep(merged(7, 'v1', 12));
  await keep(merged(8, 'v2', 14));
  await keep(recordOf({ pull: 9, release: 'v3', outcome: 'closed', closedAt: at(13), closedBy: 'ann' }));
  await keep(recordOf({ pull: 10, release: 'v4' }));
  await keep(recordOf({ pull: 11, release: 'v4', outcome: 'obsolete', closedAt: at(15) }));
  await keep({ ...merged(7, 'v9', 16), repository: 'acme/other' });
  const { ended, arrived } = await makeDashboardHistory(store).readPast('acme/fleet');
  expect(ended.map(({ pull, outcome, at, by }) => [pull, outcome, at, by])).toEqual([
    [8, 'merged', at(14), 'bea'],
    [9, 'closed', at(13), 'ann'],
    [7, 'merged', at(12), 'bea'],
  ]);
  expect([...arrived]).toEqual([['checkout@prod', { release: 'v2', at: at(14) }]]);
});
