import { Temporal } from 'temporal-polyfill';
import { parseDuration } from './duration.ts';

export type Until = { ok: true; atMs: number } | { ok: false; problem: string };

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(Z|[+-]\d{2}:\d{2})?$/;
const FORMS = 'write a time such as `4h`, `2d`, `2026-12-01` or `2026-12-01T09:00Z`';

/** More is a slip of the keyboard, and years of five digits are no dates to all who read them. */
const MOST_MS = 10 * 366 * 24 * 60 * 60 * 1000;

/** Whether a text is meant as a time, right or wrong. */
export function isTimeLike(text: string): boolean {
  return /^\d{4}-\d/.test(text) || parseDuration(text) !== null;
}

/**
 * A time that a person wrote: a duration from when it was said, a date (its first moment in UTC), or a date and a time
 * with `Z` or an offset. Times are in milliseconds since the epoch.
 */
export function parseUntil(text: string, saidAtMs: number): Until {
  const until = readTime(text, saidAtMs);
  if (!until.ok || until.atMs - saidAtMs <= MOST_MS) return until;
  return { ok: false, problem: 'that is more than ten years away; leave `until` out for no end' };
}

function readTime(text: string, saidAtMs: number): Until {
  const durationMs = parseDuration(text);
  if (durationMs !== null) return { ok: true, atMs: saidAtMs + durationMs };
  const [isMoment, offset] = MOMENT.exec(text) ?? [];
  if (isMoment && !offset)
    return {
      ok: false,
      problem: 'say which zone the time is in: `Z` for UTC, or an offset such as `+01:00`',
    };
  if (!isMoment && !DATE.test(text)) return { ok: false, problem: FORMS };
  try {
    return {
      ok: true,
      atMs: Temporal.Instant.from(isMoment ? text : `${text}T00:00Z`).epochMilliseconds,
    };
  } catch {
    return { ok: false, problem: `there is no such date or time; ${FORMS}` };
  }
}
