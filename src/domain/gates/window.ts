import type { GateSpec } from '../gate-spec.ts';
import { clockChanges, describeTime, instantsOf, wallTimeAt } from '../wall-clock.ts';
import type { WindowEntry } from '../window-entry.ts';
import type { GateResult } from './gate.ts';
import { closedSpans, openSpans, type Span, spansOf } from './open-spans.ts';

type WindowSpec = Extract<GateSpec, { kind: 'window' }>;

/** From one 29 February to the next one can take eight years. */
const MOST_DAYS_TO_OPEN = 9 * 366;
const MOST_DAYS_TO_CLOSE = 366;

/** Passes in an allowed time that is not blocked. Hours and days are those of the clocks in the window's zone. */
export function evaluateWindow(spec: WindowSpec, nowMs: number): GateResult {
  const isOpen = isOpenAt(spec, nowMs);
  const changeMs = nextChange(spec, nowMs);
  const result: GateResult = {
    gate: 'window',
    state: isOpen ? 'passed' : 'waiting',
    reason: isOpen ? describeOpen(spec, changeMs) : describeClosed(spec, nowMs, changeMs),
  };
  return changeMs === null ? result : { ...result, lookAgainAtMs: changeMs };
}

/** When a window that is open closes, or one that is closed opens; null when not within the years that are looked at. */
export function nextChange(spec: WindowSpec, nowMs: number): number | null {
  const wasOpen = isOpenAt(spec, nowMs);
  const today = wallTimeAt(nowMs, spec.zone).day;
  const wanted = wasOpen ? closedSpans : openSpans;
  const changesOn = (day: number) =>
    startsOn(spec, wanted(spec, day), day).filter((atMs) => atMs > nowMs && isOpenAt(spec, atMs) !== wasOpen);
  const last = today + (wasOpen ? MOST_DAYS_TO_CLOSE : MOST_DAYS_TO_OPEN);
  // Where clocks go back over midnight, a day begins before the day before it is over: neighbours count too.
  for (let day = today - 1; day <= last; day++) {
    const found = changesOn(day);
    if (found.length > 0) return Math.min(...found, ...changesOn(day + 1));
  }
  return null;
}

function isOpenAt(spec: WindowSpec, atMs: number): boolean {
  const { day, minute } = wallTimeAt(atMs, spec.zone);
  return openSpans(spec, day).some((span) => holds(span, minute));
}

/** The moments at which spans of a day can begin: as the clocks show it, or with the clocks being set. */
function startsOn({ zone }: WindowSpec, spans: readonly Span[], day: number): number[] {
  if (spans.length === 0) return [];
  const starts = spans.flatMap(({ startMinute }) => instantsOf({ day, minute: startMinute }, zone));
  return [...starts, ...clockChanges(day, zone)];
}

function holds({ startMinute, endMinute }: Span, minute: number): boolean {
  return startMinute <= minute && minute < endMinute;
}

function describeOpen({ zone }: WindowSpec, closesMs: number | null): string {
  return closesMs === null ? 'open' : `open until ${describeTime(closesMs, zone)}`;
}

/** The times of a window as people say them. */
export function describeWindow({ allow, block, zone }: WindowSpec): string {
  const allowed = allow === null ? 'at all times' : `in ${quoteAll(allow)}`;
  return `${allowed}${block.length > 0 ? `, not in ${quoteAll(block)}` : ''} (${zone})`;
}

function quoteAll(entries: readonly WindowEntry[]): string {
  return entries.map(({ text }) => `\`${text}\``).join(', ');
}

function describeClosed(spec: WindowSpec, nowMs: number, opensMs: number | null): string {
  const { day, minute } = wallTimeAt(nowMs, spec.zone);
  const block = spec.block.find((entry) => spansOf(entry, day).some((span) => holds(span, minute)));
  const why = block ? `blocked by \`${block.text}\`` : `closed outside ${quoteAll(spec.allow ?? [])}`;
  return opensMs === null
    ? `${why}; it does not open in the years to come, change \`allow\` or \`block\``
    : `${why}; opens ${describeTime(opensMs, spec.zone)}`;
}
