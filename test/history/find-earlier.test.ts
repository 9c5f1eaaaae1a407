import { findEarlier } from '../../src/history/find-earlier.ts';
import type { PromotionRecord } from '../../src/history/record.ts';
import { sha } from '../promotion/support.ts';
import { recordOf } from './support.ts';

const merged = (environment: string, day: number, more: Partial<PromotionRecord> = {}) =>
  recordOf({
    environment,
    pull: day,
    outcome: 'merged',
    mergedAt: `2026-03-0${day}T12:00:00.000Z`,
    mergeCommitSha: sha(`${environment} ${day}`),
    fingerprint: sha(`${environment} ${day}`).slice(0, 16),
    ...more,
  });
const carried = { to: 'prod', from: ['staging'], fingerprint: 'f'.repeat(16), origin: sha('staging 3') };
const where = (records: PromotionRecord[]) =>
  findEarlier(records, carried, new Set([9])).map(({ environment, pull }) => `${environment} #${pull}`);

test('the origin leads back from environment to environment, the first first', () => {
  const staging = merged('staging', 3, { origin: sha('qa 2') });
  const records = [
    merged('dev', 1),
    merged('qa', 2, { origin: sha('dev 1') }),
    staging,
    merged('staging', 4),
  ];
  expect(where(records)).toEqual(['dev #1', 'qa #2', 'staging #3']);
});

test('the same values count too, but not where it goes, nor what never merged; of one environment the last', () => {
  const { fingerprint } = carried;
  const records = [
    merged('eu', 1, { fingerprint }),
    merged('eu', 2, { fingerprint }),
    merged('prod', 4, { fingerprint }),
    recordOf({ environment: 'us', fingerprint, outcome: 'closed' }),
  ];
  expect(where(records)).toEqual(['eu #2']);
});

test('records that name each other come to an end', () => {
  const records = [
    merged('staging', 3, { origin: sha('qa 2') }),
    merged('qa', 2, { origin: sha('staging 3') }),
  ];
  expect(where(records)).toEqual(['qa #2', 'staging #3']);
});

test('what merged just now, and is not written down, is told from what is open still', () => {
  const { fingerprint } = carried;
  const open = recordOf({ environment: 'staging', fingerprint, pull: 8 });
  expect(findEarlier([open], carried, new Set())).toMatchObject([{ pull: 8, mergedAt: null }]);
  expect(findEarlier([open], carried, new Set([8]))).toEqual([]);
});
