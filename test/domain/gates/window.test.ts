import fc from 'fast-check';
import { evaluateWindow, nextChange } from '../../../src/domain/gates/window.ts';
import { parseWindowEntry, type WindowEntry } from '../../../src/domain/window-entry.ts';

interface Times {
  allow?: string[];
  block?: string[];
  zone?: string;
}

function entry(text: string): WindowEntry {
  const reading = parseWindowEntry(text);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.entry;
}

function windowOf({ allow, block = [], zone = 'UTC' }: Times) {
  return { kind: 'window', allow: allow?.map(entry) ?? null, block: block.map(entry), zone } as const;
}

/** State, reason and the time of the next look of a window at a moment. */
function at(now: string, times: Times) {
  const { state, reason, lookAgainAtMs } = evaluateWindow(windowOf(times), Date.parse(now));
  const look = lookAgainAtMs === undefined ? null : new Date(lookAgainAtMs).toISOString();
  return { state, reason, look };
}

const OFFICE = { allow: ['weekdays 09:00-17:00'], zone: 'Europe/Berlin' };

test('passes inside, and says until when', () => {
  expect(at('2026-11-27T12:00:00Z', OFFICE)).toEqual({
    state: 'passed',
    reason: 'open until Fri 2026-11-27 17:00 Europe/Berlin',
    look: '2026-11-27T16:00:00.000Z',
  });
});

test('waits outside, and says when it opens next', () => {
  expect(at('2026-11-27T16:00:00Z', OFFICE)).toEqual({
    state: 'waiting',
    reason: 'closed outside `weekdays 09:00-17:00`; opens Mon 2026-11-30 09:00 Europe/Berlin',
    look: '2026-11-30T08:00:00.000Z',
  });
  expect(at('2026-11-30T07:59:59.999Z', OFFICE).state).toBe('waiting');
  expect(at('2026-11-30T08:00:00Z', OFFICE).state).toBe('passed');
});

test('blocked wins, and the days after it count for when it opens', () => {
  const times = { ...OFFICE, block: ['fri 12:00-24:00', '12-24..01-02', '2026-11-30'] };
  expect(at('2026-11-27T12:00:00Z', times)).toMatchObject({
    state: 'waiting',
    reason: 'blocked by `fri 12:00-24:00`; opens Tue 2026-12-01 09:00 Europe/Berlin',
  });
  expect(at('2026-12-24T10:00:00Z', times).look).toBe('2027-01-04T08:00:00.000Z');
  expect(at('2030-01-02T10:00:00Z', times).state).toBe('waiting');
});

test('with nothing but blocked times it is open otherwise', () => {
  expect(at('2026-11-27T12:00:00Z', { block: ['2026-12-24'] })).toMatchObject({
    state: 'passed',
    look: '2026-12-24T00:00:00.000Z',
  });
  expect(at('2026-12-25T12:00:00Z', { block: ['2026-12-24'] })).toEqual({
    state: 'passed',
    reason: 'open',
    look: null,
  });
});

test('that never opens again waits, and says so', () => {
  const over = at('2026-11-27T12:00:00Z', { allow: ['2025-01-01 09:00-17:00'] });
  expect(over).toMatchObject({ state: 'waiting', look: null });
  expect(over.reason).toContain('does not open in the years to come');
  expect(at('2026-11-27T12:00:00Z', { ...OFFICE, block: ['daily'] }).state).toBe('waiting');
});

test('hours over midnight belong to the day on which they start', () => {
  const night = { allow: ['fri 22:00-02:00'] };
  expect(at('2026-11-28T01:59:00Z', night)).toMatchObject({
    state: 'passed',
    look: '2026-11-28T02:00:00.000Z',
  });
  expect(at('2026-11-27T01:00:00Z', night).look).toBe('2026-11-27T22:00:00.000Z');
  expect(at('2026-11-29T01:00:00Z', night).state).toBe('waiting');
});

test('the 29 February comes in leap years only, also after a century without one', () => {
  const leap = { allow: ['02-29 09:00-17:00'] };
  expect(at('2026-03-01T00:00:00Z', leap).look).toBe('2028-02-29T09:00:00.000Z');
  expect(at('2096-03-01T00:00:00Z', leap).look).toBe('2104-02-29T09:00:00.000Z');
  expect(at('2027-03-01T12:00:00Z', leap).state).toBe('waiting');
  expect(at('2028-02-29T00:00:00Z', { block: ['02-28..03-01'] }).look).toBe('2028-03-02T00:00:00.000Z');
});

describe('when clocks are set', () => {
  test('hours that are skipped open with the clocks: Berlin, New York, Lord Howe by half an hour', () => {
    expect(at('2027-03-28T00:00:00Z', { allow: ['daily 02:30-04:00'], zone: 'Europe/Berlin' }).look).toBe(
      '2027-03-28T01:00:00.000Z',
    );
    expect(at('2027-03-14T06:00:00Z', { allow: ['daily 02:30-04:00'], zone: 'America/New_York' }).look).toBe(
      '2027-03-14T07:00:00.000Z',
    );
    expect(
      at('2026-10-03T15:00:00Z', { allow: ['daily 02:15-04:00'], zone: 'Australia/Lord_Howe' }).look,
    ).toBe('2026-10-03T15:30:00.000Z');
  });

  test('hours that lie in the gap alone do not come that day', () => {
    const gap = { allow: ['daily 02:15-02:45'], zone: 'Europe/Berlin' };
    expect(at('2027-03-28T00:00:00Z', gap).look).toBe('2027-03-29T00:15:00.000Z');
  });

  test('hours that come twice are open twice', () => {
    const twice = { allow: ['daily 02:15-02:45'], zone: 'Europe/Berlin' };
    expect(at('2026-10-25T00:00:00Z', twice).look).toBe('2026-10-25T00:15:00.000Z');
    expect(at('2026-10-25T00:50:00Z', twice).look).toBe('2026-10-25T01:15:00.000Z');
    expect(at('2026-10-25T01:50:00Z', twice).look).toBe('2026-10-26T01:15:00.000Z');
  });

  test('a day can begin at one o’clock, and an evening come twice: Santiago', () => {
    const zone = 'America/Santiago';
    expect(at('2026-09-06T03:00:00Z', { allow: ['sun 00:00-12:00'], zone }).look).toBe(
      '2026-09-06T04:00:00.000Z',
    );
    expect(at('2027-04-04T02:59:00Z', { allow: ['sat 23:00-24:00'], zone }).look).toBe(
      '2027-04-04T04:00:00.000Z',
    );
  });

  test('clocks that are set two days later do not hide the change before', () => {
    const night = { allow: ['sat 00:30-00:15'], zone: 'Australia/Lord_Howe' };
    expect(at('2027-04-03T00:00:00Z', night).look).toBe('2027-04-03T13:15:00.000Z');
  });

  test('office hours keep to the clocks of the zone in summer and winter', () => {
    expect(at('2026-10-23T20:00:00Z', OFFICE).look).toBe('2026-10-26T08:00:00.000Z');
    expect(at('2027-03-26T20:00:00Z', OFFICE).look).toBe('2027-03-29T07:00:00.000Z');
  });
});

describe('against going through the minutes one by one', () => {
  const MINUTE_MS = 60_000;
  const SCANNED_MINUTES = 3 * 24 * 60;
  const NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const ZONES = [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/Santiago',
    'Asia/Kathmandu',
  ];
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  const timeOf = (minute: number) => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;

  interface Line {
    weekdays: number[];
    start: number;
    end: number;
  }
  const line: fc.Arbitrary<Line> = fc
    .record({
      weekdays: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
      start: fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15),
      end: fc.integer({ min: 1, max: 96 }).map((quarter) => quarter * 15),
    })
    .filter(({ start, end }) => start !== end);
  const textOf = ({ weekdays, start, end }: Line) =>
    `${weekdays.map((index) => NAMES[index]).join(' ')} ${timeOf(start)}-${timeOf(end)}`;

  /** What the clocks show, by the platform's own formatter. */
  function clockOf(zone: string) {
    const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    return (atMs: number) => {
      const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
      return {
        weekday: NAMES.indexOf(parts.get('weekday') ?? ''),
        minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
      };
    };
  }

  function covers({ weekdays, start, end }: Line, weekday: number, minute: number): boolean {
    if (start < end) return weekdays.includes(weekday) && start <= minute && minute < end;
    const startedToday = weekdays.includes(weekday) && minute >= start;
    const startedYesterday = weekdays.includes((weekday + 6) % 7) && minute < end;
    return startedToday || startedYesterday;
  }

  // Around the days on which the clocks of these zones are set, which a random day would seldom meet.
  const starts = [
    '2026-10-24',
    '2026-10-31',
    '2026-10-03',
    '2027-03-12',
    '2027-03-27',
    '2027-04-03',
    '2026-09-05',
  ];
  const moment = fc
    .tuple(fc.constantFrom(...starts), fc.integer({ min: 0, max: 2 * 24 * 60 }))
    .map(([day, minutes]) => Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS);

  test('the state and its next change are the same', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 3 }),
        fc.array(line, { maxLength: 2 }),
        fc.constantFrom(...ZONES),
        moment,
        (allow, block, zone, nowMs) => {
          const clock = clockOf(zone);
          const isOpen = (atMs: number) => {
            const { weekday, minute } = clock(atMs);
            const isIn = (each: Line) => covers(each, weekday, minute);
            return allow.some(isIn) && !block.some(isIn);
          };
          const spec = windowOf({ allow: allow.map(textOf), block: block.map(textOf), zone });
          const wasOpen = isOpen(nowMs);
          expect(evaluateWindow(spec, nowMs).state).toBe(wasOpen ? 'passed' : 'waiting');
          let changeMs: number | null = null;
          for (let minute = 1; minute <= SCANNED_MINUTES && changeMs === null; minute++) {
            if (isOpen(nowMs + minute * MINUTE_MS) !== wasOpen) changeMs = nowMs + minute * MINUTE_MS;
          }
          const found = nextChange(spec, nowMs);
          if (changeMs !== null) expect(found).toBe(changeMs);
          else expect(found ?? Number.POSITIVE_INFINITY).toBeGreaterThan(nowMs + SCANNED_MINUTES * MINUTE_MS);
        },
      ),
      { numRuns: 150 },
    );
  });
});
