import { isZone } from '../domain/wall-clock.ts';
import { parseWindowEntry } from '../domain/window-entry.ts';
import type { TextCheck } from './check-text.ts';
import { didYouMean, quote } from './suggest.ts';

/** Times that block: days, hours, or both. */
export const checkBlocked: TextCheck = (text) => {
  const reading = parseWindowEntry(text);
  return reading.ok ? null : reading.reason;
};

/** Times that allow name their hours: `[mon,tue 09:00-17:00]` without quotes is two entries in YAML, the first all day. */
export const checkAllowed: TextCheck = (text) => {
  const reading = parseWindowEntry(text);
  if (!reading.ok) return reading.reason;
  return reading.entry.hours.length > 0
    ? null
    : `${quote(text)} names no hours; write ${quote(`${text} 00:00-24:00`)} if the whole day is meant`;
};

/** An IANA name: an offset such as +01:00 would be wrong for half of the year. */
export const checkZone: TextCheck = (text) => {
  if (isZone(text)) return null;
  const hint = didYouMean(text, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
  return `${quote(text)} is no time zone${hint || '; write an IANA name such as Europe/Berlin, or UTC'}`;
};

/** `weekdays 09:00-17:00 Europe/Berlin`: times that allow, and the zone. */
export const checkShortWindow: TextCheck = (text) => {
  const { times, zone } = splitZone(text);
  if (times === '') return 'write times and then a zone, such as weekdays 09:00-17:00 Europe/Berlin';
  if (zone.includes(':')) return `the time zone is missing; write ${quote(`${text} Europe/Berlin`)}, or UTC`;
  return checkZone(zone) ?? checkAllowed(times);
};

/** The last word is the zone. */
export function splitZone(text: string): { times: string; zone: string } {
  const words = text.trim().split(/\s+/);
  return { times: words.slice(0, -1).join(' '), zone: words.at(-1) ?? '' };
}
