import fc from 'fast-check';
import {
  EMPTY_INDEX,
  type EndedPull,
  formatIndex,
  isKept,
  parseIndex,
  withKept,
} from '../../../src/history/ledger/ledger-index.ts';
import { formatRanges, parseRanges } from '../../../src/history/ledger/number-ranges.ts';
import type { PromotionRecord } from '../../../src/history/record.ts';
import { recordOf } from '../support.ts';

const ended = (pull: number, more: Partial<PromotionRecord>): EndedPull => ({
  pull,
  records: [recordOf({ pull, ...more })],
});
const merged = (pull: number) => ended(pull, { outcome: 'merged' });
const closed = (pull: number, closedAt: string) => ended(pull, { outcome: 'closed', closedAt });
const index = (...all: EndedPull[]) => ({ ...EMPTY_INDEX, ...withKept(EMPTY_INDEX, all) });

test('what is there is not wanted again; what was opened again and ended otherwise is', () => {
  const found = index(merged(1), closed(2, '2026-03-01T12:00:00.000Z'));
  expect(isKept(found, merged(1))).toBe(true);
  expect(isKept(found, closed(2, '2026-03-01T12:00:00.000Z'))).toBe(true);
  expect(isKept(found, closed(2, '2026-03-05T12:00:00.000Z'))).toBe(false);
  expect(isKept(found, merged(2))).toBe(false);
  expect(isKept(found, merged(3))).toBe(false);
  expect(withKept(found, [merged(2)])).toEqual({ merged: new Set([1, 2]), closed: new Map() });
});

test('is read as it was written', () => {
  const found = index(merged(4), merged(5), merged(6), merged(9), closed(7, '2026-03-01T12:00:00.000Z'));
  const text = formatIndex({ ...found, count: 5, last: 'a'.repeat(64), file: 'history/0001.jsonl' });
  expect(text).toContain('"merged":"4-6,9"');
  expect(formatIndex(parseIndex(text))).toBe(text);
});

test('ten thousand promotions, every fifth closed by a person, and people in between: some ten kilobytes', () => {
  const numbers = Array.from({ length: 10_000 }, (_, at) => at + 1 + Math.floor(at / 7));
  const all = numbers.map((pull) =>
    pull % 5 === 0 ? closed(pull, '2026-03-01T12:00:00.000Z') : merged(pull),
  );
  expect(formatIndex({ ...EMPTY_INDEX, ...withKept(EMPTY_INDEX, all) }).length).toBeLessThan(80_000);
});

test.each([
  '[]',
  '{}',
  '{"version":2}',
  '{"version":1,"count":0,"last":null,"file":null,"merged":"3-1","closed":{}}',
])('anything else than Sluice writes is refused: %s', (text) => {
  expect(() => parseIndex(text)).toThrow();
});

test('numbers keep their order and nothing else in ranges', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 })), (numbers) => {
      expect(parseRanges(formatRanges(numbers))).toEqual(new Set(numbers));
    }),
  );
  for (const text of ['1-', ',1', '1,', '2,1', '1-1', '1,2', 'x', '1-99999999', '01'])
    expect(parseRanges(text)).toBeNull();
});
