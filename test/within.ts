const TRIES = 3;

/**
 * Runs work that must not keep a process busy for long and returns its result.
 *
 * The time of the processor counts, not the clock's, and the fastest of three runs: a machine that
 * others keep busy, or that collects garbage of earlier tests, makes no run faster.
 *
 * @param limitMs wide enough for a slow machine, and far below what the work takes when it goes wrong
 */
export function within<T>(limitMs: number, work: () => T): T {
  let result: T | undefined;
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < TRIES && fastestMs >= limitMs; run += 1) {
    const start = process.cpuUsage();
    result = work();
    const used = process.cpuUsage(start);
    fastestMs = Math.min(fastestMs, (used.user + used.system) / 1_000);
  }
  expect(fastestMs).toBeLessThan(limitMs);
  return result as T;
}
