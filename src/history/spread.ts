import type { Spread } from './figures-schema.ts';

/** The spread of some times; with the count, so that a median of three is not taken for one of three hundred. */
export function spreadOf(durationsMs: readonly number[]): Spread {
  const sorted = [...durationsMs].sort((a, b) => a - b);
  const count = sorted.length;
  if (count === 0) return { count, medianMs: null, p90Ms: null };
  const middle = (sorted[Math.ceil(count / 2) - 1]! + sorted[Math.floor(count / 2)]!) / 2;
  return { count, medianMs: Math.round(middle), p90Ms: sorted[Math.ceil(count * 0.9) - 1]! };
}
