import { Temporal } from 'temporal-polyfill';

const UNITS = ['days', 'hours', 'minutes', 'seconds'] as const;
const TEXT = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/;

/** Milliseconds of a text such as `24h`, `90m` or `1d12h`; null when it is none. A day has 24 hours, whatever clocks do. */
export function parseDuration(text: string): number | null {
  const [, ...counts] = TEXT.exec(text) ?? [];
  if (counts.every((count) => count === undefined)) return null;
  const parts = Object.fromEntries(UNITS.map((unit, index) => [unit, Number(counts[index] ?? 0)]));
  return Temporal.Duration.from(parts).total('milliseconds');
}

/** `1d 12h`, `90s`: without the parts that are zero. */
export function describeDuration(durationMs: number): string {
  const whole = Temporal.Duration.from({ milliseconds: Math.max(0, Math.round(durationMs)) });
  const rounded = whole.round({ largestUnit: 'days', smallestUnit: 'seconds' });
  const parts = UNITS.filter((unit) => rounded[unit] > 0).map((unit) => `${rounded[unit]}${unit[0]}`);
  return parts.length > 0 ? parts.join(' ') : '0s';
}
