import type { Days, WindowEntry } from '../window-entry.ts';

/** Part of a day by the clock on the wall: minutes after midnight, the end left out. */
export interface Span {
  startMinute: number;
  endMinute: number;
}

/** Which times are allowed: those of `allow` (all when it is null) but for those of `block`. */
export interface Schedule {
  allow: readonly WindowEntry[] | null;
  block: readonly WindowEntry[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DAY_MINUTES = 24 * 60;
const WHOLE_DAY: Span = { startMinute: 0, endMinute: DAY_MINUTES };

/** The open parts of a day, in order and without overlaps. `day` counts days of the calendar since 1970-01-01. */
export function openSpans({ allow, block }: Schedule, day: number): Span[] {
  const allowed = allow === null ? [WHOLE_DAY] : merge(allow.flatMap((entry) => spansOf(entry, day)));
  if (allowed.length === 0) return [];
  const blocked = merge(block.flatMap((entry) => spansOf(entry, day)));
  return blocked.reduce<Span[]>((left, hole) => left.flatMap((span) => without(span, hole)), allowed);
}

/** The other parts of the day. */
export function closedSpans(schedule: Schedule, day: number): Span[] {
  return openSpans(schedule, day).reduce<Span[]>(
    (left, hole) => left.flatMap((span) => without(span, hole)),
    [WHOLE_DAY],
  );
}

/** Parts of a day that an entry covers, those of hours that started the day before too. */
export function spansOf({ days, hours }: WindowEntry, day: number): Span[] {
  const isOn = isAmong(days, day);
  if (hours.length === 0) return isOn ? [WHOLE_DAY] : [];
  const isOnBefore = isAmong(days, day - 1);
  return hours.flatMap(({ startMinute, endMinute }): Span[] => {
    if (startMinute < endMinute) return isOn ? [{ startMinute, endMinute }] : [];
    const evening = isOn ? [{ startMinute, endMinute: DAY_MINUTES }] : [];
    return isOnBefore && endMinute > 0 ? [{ startMinute: 0, endMinute }, ...evening] : evening;
  });
}

function isAmong(days: readonly Days[], day: number): boolean {
  if (days.length === 0) return true;
  const date = new Date(day * DAY_MS);
  const text = date.toISOString().slice(0, 10);
  return days.some((each) => {
    if (each.kind === 'weekdays') return each.numbers.includes(date.getUTCDay() || 7);
    if (each.kind === 'dates') return each.first <= text && text <= each.last;
    const yearly = text.slice(5);
    return each.first <= each.last
      ? each.first <= yearly && yearly <= each.last
      : each.first <= yearly || yearly <= each.last;
  });
}

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.startMinute - b.startMinute)) {
    const last = merged.at(-1);
    if (last && span.startMinute <= last.endMinute) last.endMinute = Math.max(last.endMinute, span.endMinute);
    else merged.push({ ...span });
  }
  return merged;
}

function without({ startMinute, endMinute }: Span, hole: Span): Span[] {
  return [
    { startMinute, endMinute: Math.min(endMinute, hole.startMinute) },
    { startMinute: Math.max(startMinute, hole.endMinute), endMinute },
  ].filter((span) => span.startMinute < span.endMinute);
}
