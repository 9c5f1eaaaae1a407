/** A slow and obvious reading of windows, made of the texts alone. */
export interface PlainWindow {
  allow: readonly string[] | null;
  block: readonly string[];
  zone: string;
}

const PRESETS: Record<string, string> = { daily: 'mon-sun', weekdays: 'mon-fri', weekends: 'sat-sun' };
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY_MS = 24 * 60 * 60 * 1000;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Whether the window is open, by the clocks of its zone. Throws when a text says nothing that it knows. */
export function isPlainlyOpen({ allow, block, zone }: PlainWindow, atMs: number): boolean {
  const [date = '', time = ''] = clockOf(zone).format(atMs).split(' ');
  const isIn = (entry: string) => covers(entry, date, time);
  return !block.some(isIn) && (allow === null || allow.some(isIn));
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  clocks.set(timeZone, clock);
  return clock;
}

function covers(entry: string, date: string, time: string): boolean {
  const words = entry.trim().split(/\s+/);
  const days = words.filter((word) => !word.includes(':'));
  const hours = words.filter((word) => word.includes(':'));
  const before = new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
  const isOn = (day: string) => days.length === 0 || days.some((each) => isDay(each.toLowerCase(), day));
  if (hours.length === 0) return isOn(date);
  return hours.some((each) => {
    const [start = '', end = ''] = each.split('-');
    if (!/^\d\d:\d\d$/.test(start) || !/^\d\d:\d\d$/.test(end)) throw new Error(`no hours: ${each}`);
    if (start < end) return isOn(date) && start <= time && time < end;
    return (isOn(date) && start <= time) || (isOn(before) && time < end);
  });
}

function isDay(word: string, date: string): boolean {
  if (/^\d/.test(word)) {
    const [first = '', last = first] = word.split('..');
    const day = first.length === 5 ? date.slice(5) : date;
    return first <= last ? first <= day && day <= last : first <= day || day <= last;
  }
  const names = (PRESETS[word] ?? word).split('-').map((name) => WEEKDAYS.indexOf(name.slice(0, 3)));
  const [first = -1, last = first] = names;
  if (first < 0 || last < 0) throw new Error(`no day: ${word}`);
  const today = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return first <= last ? first <= today && today <= last : first <= today || today <= last;
}
