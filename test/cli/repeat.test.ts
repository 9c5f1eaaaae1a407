import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { repeat } from '../../src/cli/repeat.ts';

const MINUTE_MS = 60_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Counts runs; each ends at once unless `run` says otherwise. */
function start(random: () => number, run: () => Promise<void> = async () => {}) {
  const begun: number[] = [];
  const errors: unknown[] = [];
  const startMs = Date.now();
  const timer = repeat({
    everyMs: 10 * MINUTE_MS,
    random,
    onError: (error) => errors.push(error),
    run: () => {
      begun.push((Date.now() - startMs) / MINUTE_MS);
      return run();
    },
  });
  return { begun, errors, timer };
}

test.each([
  [0, [9, 18, 27]],
  [0.5, [10, 20, 30]],
  [1, [11, 22, 33]],
])('runs each ten minutes, a minute more or less by chance (%d)', async (chance, minutes) => {
  const { begun } = start(() => chance);
  await jest.advanceTimersByTimeAsync(35 * MINUTE_MS);
  expect(begun).toEqual(minutes);
});

test('a run that takes longer than the interval is not joined by another', async () => {
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 25 * MINUTE_MS));
  const { begun } = start(() => 0.5, slow);
  await jest.advanceTimersByTimeAsync(80 * MINUTE_MS);
  expect(begun).toEqual([10, 45, 80]);
});

test('a run that fails is told of, and followed by the next', async () => {
  const { begun, errors } = start(
    () => 0.5,
    () => Promise.reject(new Error('502')),
  );
  await jest.advanceTimersByTimeAsync(25 * MINUTE_MS);
  expect([begun.length, errors.length]).toEqual([2, 2]);
});

test('after the end nothing runs any more, also when a run is under way', async () => {
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 5 * MINUTE_MS));
  const { begun, timer } = start(() => 0.5, slow);
  await jest.advanceTimersByTimeAsync(12 * MINUTE_MS);
  timer.stop();
  await jest.advanceTimersByTimeAsync(60 * MINUTE_MS);
  expect(begun).toEqual([10]);
});
