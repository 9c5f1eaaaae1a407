import { Temporal } from 'temporal-polyfill';

/** What the clocks of a zone show. */
export interface WallTime {
  /** Days of the calendar since 1970-01-01. */
  day: number;
  /** Minutes after midnight. */
  minute: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Whether this is the name of a zone in the IANA database, such as `Europe/Berlin`; offsets are none. */
export function isZone(name: string): boolean {
  if (name !== 'UTC' && !/^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$/.test(name)) return false;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name) !== null;
  } catch {
    return false;
  }
}

export function wallTimeAt(atMs: number, zone: string): WallTime {
  const { year, month, day, hour, minute } = zoned(atMs, zone);
  return { day: Date.UTC(year, month - 1, day) / DAY_MS, minute: hour * 60 + minute };
}

/**
 * When the clocks of a zone show a time: twice where they go back over it. Where they skip it, times around the gap.
 * `minute` 1440 is the end of the day.
 */
export function instantsOf({ day, minute }: WallTime, zone: string): number[] {
  const date = new Date(day * DAY_MS + minute * 60_000);
  const plain = Temporal.PlainDateTime.from(date.toISOString().slice(0, 16));
  return (['earlier', 'later'] as const).map(
    (disambiguation) => plain.toZonedDateTime(zone, { disambiguation }).epochMilliseconds,
  );
}

/** When the clocks of a zone are set and then show this day. */
export function clockChanges(day: number, zone: string): number[] {
  const found: number[] = [];
  const endMs = (day + 3) * DAY_MS;
  let next = zoned((day - 2) * DAY_MS, zone).getTimeZoneTransition('next');
  while (next && next.epochMilliseconds < endMs) {
    if (wallTimeAt(next.epochMilliseconds, zone).day === day) found.push(next.epochMilliseconds);
    next = next.getTimeZoneTransition('next');
  }
  return found;
}

/** `Mon 2026-11-30 09:00 Europe/Berlin`. */
export function describeTime(atMs: number, zone: string): string {
  const at = zoned(atMs, zone);
  const [date = '', time = ''] = at.toPlainDateTime().toString({ smallestUnit: 'minute' }).split('T');
  return `${WEEKDAYS[at.dayOfWeek - 1]} ${date} ${time} ${zone}`;
}

function zoned(atMs: number, zone: string) {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(zone);
}
