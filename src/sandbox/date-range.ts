/**
 * Whether a date is in a range as GitHub's searches write it: `2026-03-01`, `>=2026-03-01`, `2026-03-01..2026-03-31`,
 * with or without a time. Nothing asked is always met.
 * https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax#query-for-dates
 */
export function isWithin(range: string, date: string): boolean {
  if (range === '') return true;
  const at = Date.parse(date);
  const [from = '*', to] = range.split('..');
  if (to !== undefined) return at >= start(from, -Infinity) && at <= end(to, Infinity);
  const [, sign = '', day = ''] = /^([<>]?=?)(.*)$/.exec(range) ?? [];
  if (sign === '>') return at > end(day, Infinity);
  if (sign === '>=') return at >= start(day, -Infinity);
  if (sign === '<') return at < start(day, -Infinity);
  if (sign === '<=') return at <= end(day, Infinity);
  return at >= start(day, -Infinity) && at <= end(day, Infinity);
}

const DAY_MS = 24 * 60 * 60 * 1000;

function start(text: string, open: number): number {
  return text === '*' ? open : Date.parse(text);
}

/** A day without a time lasts until it is over. */
function end(text: string, open: number): number {
  if (text === '*') return open;
  return Date.parse(text) + (text.includes('T') ? 0 : DAY_MS - 1);
}
