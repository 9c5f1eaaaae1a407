/** Minutes after midnight by the clock on the wall. An end that is not after the start lies on the next day. */
export interface Hours {
  startMinute: number;
  endMinute: number;
}

/** Days of the calendar, first and last included. */
export type Days =
  | {
      kind: 'weekdays';
      /** 1 is Monday, 7 is Sunday. */
      numbers: readonly number[];
    }
  | {
      kind: 'dates';
      /** `2026-12-24`. */
      first: string;
      last: string;
    }
  | {
      /** Every year. A last day before the first one lies in the next year. */
      kind: 'yearly';
      /** `12-24`. */
      first: string;
      last: string;
    };

/** One line of a window: these hours of these days. */
export interface WindowEntry {
  /** As people wrote it. */
  text: string;
  /** Any of them; every day when empty. */
  days: readonly Days[];
  /** Any of them; the whole day when empty. Hours that cross midnight belong to the day on which they start. */
  hours: readonly Hours[];
}

export type WindowEntryReading = { ok: true; entry: WindowEntry } | { ok: false; reason: string };

type Reading<Found> = { ok: true; found: Found } | { ok: false; reason: string };

const NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const PRESETS: Record<string, readonly number[]> = {
  daily: [1, 2, 3, 4, 5, 6, 7],
  weekdays: [1, 2, 3, 4, 5],
  weekends: [6, 7],
};
const DATE = /^\d{4}-\d\d-\d\d$/;
const MONTH_DAY = /^\d\d-\d\d$/;
const HOURS = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/;
const DAY_MINUTES = 24 * 60;
const HOW = 'Write days, then hours, with spaces between: weekdays 09:00-17:00';

/** Reads `mon-thu 09:00-12:00 13:00-17:00`, `weekends`, `12-24..01-02`, `2026-12-24 12:00-24:00`, `22:00-02:00`. */
export function parseWindowEntry(text: string): WindowEntryReading {
  const days: Days[] = [];
  const hours: Hours[] = [];
  for (const word of text.trim().split(/\s+/)) {
    if (word.includes(',')) return { ok: false, reason: `${JSON.stringify(word)} has a comma. ${HOW}` };
    if (word.includes(':')) {
      const read = parseHours(word);
      if (!read.ok) return read;
      hours.push(read.found);
      continue;
    }
    if (hours.length > 0)
      return { ok: false, reason: `${JSON.stringify(word)} stands behind hours; begin a new entry with it` };
    const read = parseDays(word.toLowerCase());
    if (!read.ok) return read;
    days.push(read.found);
  }
  return { ok: true, entry: { text: text.trim().split(/\s+/).join(' '), days, hours } };
}

function parseHours(word: string): Reading<Hours> {
  const quoted = JSON.stringify(word);
  const parts = HOURS.exec(word);
  if (!parts) return { ok: false, reason: `${quoted} are no hours; write 09:00-17:00` };
  const [, fromHour, fromMinute, toHour, toMinute] = parts.map(Number) as [number, ...number[]];
  const startMinute = fromHour! * 60 + fromMinute!;
  const endMinute = toHour! * 60 + toMinute!;
  const isTime = fromMinute! < 60 && toMinute! < 60 && startMinute < DAY_MINUTES && endMinute <= DAY_MINUTES;
  if (!isTime) return { ok: false, reason: `${quoted}: times go from 00:00 to 24:00` };
  if (startMinute === endMinute)
    return { ok: false, reason: `${quoted} is empty; write 00:00-24:00 for the whole day` };
  return { ok: true, found: { startMinute, endMinute } };
}

function parseDays(word: string): Reading<Days> {
  const preset = Object.hasOwn(PRESETS, word) ? PRESETS[word] : undefined;
  if (preset) return { ok: true, found: { kind: 'weekdays', numbers: preset } };
  if (/^\d/.test(word)) return parseDates(word);
  const ends = word.split('-').map(weekdayOf);
  const [first, last = first] = ends;
  if (!first || !last || ends.length > 2) {
    return {
      ok: false,
      reason: `${JSON.stringify(word)} is no day. Days: mon, mon-fri, weekdays, weekends, daily, 2026-12-24, 12-24..01-02`,
    };
  }
  const length = ((last - first + 7) % 7) + 1;
  const numbers = Array.from({ length }, (_, index) => ((first - 1 + index) % 7) + 1);
  return { ok: true, found: { kind: 'weekdays', numbers } };
}

/** Null for what is no name of a weekday, in full or by its first three letters. */
function weekdayOf(word: string): number | null {
  const index = NAMES.findIndex((name) => word === name || word === name.slice(0, 3));
  return index < 0 ? null : index + 1;
}

function parseDates(word: string): Reading<Days> {
  const quoted = JSON.stringify(word);
  const ends = word.split('..');
  const [first = '', last = first] = ends;
  const isFull = DATE.test(first) && DATE.test(last);
  const isYearly = MONTH_DAY.test(first) && MONTH_DAY.test(last);
  if (ends.length > 2 || !(isFull || isYearly))
    return { ok: false, reason: `${quoted} is no date; write 2026-12-24, 12-24 or 12-24..01-02` };
  // A leap year, so that every year's 29 February can be named.
  const wrong = [first, last].find((end) => !isDate(isFull ? end : `2024-${end}`));
  if (wrong !== undefined) return { ok: false, reason: `there is no day ${wrong}` };
  if (isYearly) return { ok: true, found: { kind: 'yearly', first, last } };
  if (last < first) return { ok: false, reason: `${quoted} ends before it begins` };
  return { ok: true, found: { kind: 'dates', first, last } };
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
