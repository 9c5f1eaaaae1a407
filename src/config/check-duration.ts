import { parseDuration } from '../domain/duration.ts';
import type { TextCheck } from './check-text.ts';
import { quote } from './suggest.ts';

const MOST_MS = 90 * 24 * 60 * 60 * 1000;

/** Milliseconds of what `checkDuration` lets pass; `otherwiseMs` where nothing is written. */
export function toDurationMs(text: string | undefined, otherwiseMs: number): number {
  return text === undefined ? otherwiseMs : (parseDuration(text) ?? Number.POSITIVE_INFINITY);
}

/** `24h`, `90m`, `1d12h`. */
export const checkDuration: TextCheck = (text) => {
  const durationMs = parseDuration(text);
  if (durationMs === null)
    return `${quote(text)} is no duration; write days, hours, minutes and seconds in this order, such as 24h, 90m or 1d12h`;
  if (durationMs === 0) return 'a duration of nothing waits for nothing; write a longer one or remove it';
  return durationMs > MOST_MS ? 'the duration is longer than 90d' : null;
};
