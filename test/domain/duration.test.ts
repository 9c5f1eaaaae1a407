import { expect, test } from '@jest/globals';
import { describeDuration, parseDuration } from '../../src/domain/duration.ts';

const MINUTE_MS = 60_000;

test.each([
  ['90s', 1.5 * MINUTE_MS],
  ['10m', 10 * MINUTE_MS],
  ['24h', 24 * 60 * MINUTE_MS],
  ['1d12h', 36 * 60 * MINUTE_MS],
  ['0m', 0],
])('%s is read', (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each(['', '24', 'h', '1h1d', '-1h', '1.5h', '1 h', '1w', '24H', '99999d', '1h '])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test.each([
  [24 * 60 * MINUTE_MS, '1d'],
  [25.5 * 60 * MINUTE_MS, '1d 1h 30m'],
  [90_000, '1m 30s'],
  [0, '0s'],
])('%i ms are told as %s', (durationMs, text) => {
  expect(describeDuration(durationMs)).toBe(text);
});
