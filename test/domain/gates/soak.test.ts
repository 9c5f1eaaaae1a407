import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HealthFact, Landing } from '../../../src/domain/gates/facts.ts';
import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { healthKey } from '../../../src/domain/gates/health.ts';
import { evaluateSoak } from '../../../src/domain/gates/soak.ts';
import { facts } from './support.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY = { kind: 'soak', durationMs: 24 * HOUR_MS, since: 'merged' } as const;
const NOW_MS = Date.parse('2026-11-23T12:00:00Z');

function landing(landedMs: number | null, more: Partial<Landing> = {}): Landing {
  return { environment: 'staging', landedMs, isAtLatest: false, ...more };
}

const since = (landedMs: number | null, more: Partial<Landing> = {}) =>
  evaluateSoak(DAY, facts({ landings: known([landing(landedMs, more)]) }), NOW_MS);

test('passes when the release has been there for the duration, to the millisecond', () => {
  expect(since(NOW_MS - 24 * HOUR_MS)).toEqual({
    gate: 'soak',
    state: 'passed',
    reason: '1d are over: in staging since Sun 2026-11-22 12:00 UTC',
    sinceMs: NOW_MS,
  });
  expect(since(NOW_MS - 24 * HOUR_MS + 1).state).toBe('waiting');
});

test('waits until then, and says when that is', () => {
  expect(since(NOW_MS - HOUR_MS)).toEqual({
    gate: 'soak',
    state: 'waiting',
    reason: 'in staging since Mon 2026-11-23 11:00 UTC; 1d are over Tue 2026-11-24 11:00 UTC',
    sinceMs: NOW_MS - HOUR_MS,
    lookAgainAtMs: NOW_MS + 23 * HOUR_MS,
  });
});

test('a clock that is behind GitHub’s waits longer, never shorter', () => {
  const landedMs = NOW_MS + 5 * HOUR_MS;
  expect(since(landedMs)).toMatchObject({ state: 'waiting', lookAgainAtMs: landedMs + 24 * HOUR_MS });
});

test('of several sources, the one that got the release last counts', () => {
  const landings = known([
    landing(NOW_MS - 30 * HOUR_MS),
    landing(NOW_MS - 2 * HOUR_MS, { environment: 'perf' }),
  ]);
  expect(evaluateSoak(DAY, facts({ landings }), NOW_MS)).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining('in perf since'),
  });
});

test('a record that does not reach back far enough gives the time that is sure', () => {
  expect(since(NOW_MS - 48 * HOUR_MS, { isAtLatest: true }).reason).toContain('12:00 UTC or earlier');
});

describe('when it came is not in the recent history', () => {
  test('the clock starts when Sluice first saw it', () => {
    const seen = (firstSeenMs: number | null) =>
      evaluateSoak(DAY, facts({ landings: known([landing(null)]), firstSeenMs }), NOW_MS);
    expect(seen(null)).toMatchObject({ state: 'waiting', lookAgainAtMs: NOW_MS + 24 * HOUR_MS });
    expect(seen(null)).not.toHaveProperty('sinceMs');
    expect(seen(NOW_MS - 25 * HOUR_MS)).toMatchObject({
      state: 'passed',
      reason: expect.stringContaining('when it came to staging is not in the recent history'),
    });
  });
});

test('unknown data waits with the reason, and so does no source at all', () => {
  const landings = unknown('the activity of the default branch could not be read');
  expect(evaluateSoak(DAY, facts({ landings, firstSeenMs: 0 }), NOW_MS)).toEqual({
    gate: 'soak',
    state: 'waiting',
    reason: landings.reason,
  });
  expect(evaluateSoak(DAY, facts(), NOW_MS).state).toBe('waiting');
});

describe('since it became healthy', () => {
  const HEALTHY = { ...DAY, since: 'healthy' } as const;
  const fact = (more: Partial<HealthFact>): HealthFact => ({
    environment: 'staging',
    name: 'argocd',
    state: 'healthy',
    sinceMs: NOW_MS - 25 * HOUR_MS,
    sha: 'a'.repeat(40),
    ...more,
  });
  const when = (...all: Partial<HealthFact>[]) => {
    const health = new Map(all.map((more, index) => [`${index}`, known([fact(more)])]));
    return evaluateSoak(HEALTHY, facts({ landings: known([landing(0)]), health }), NOW_MS);
  };

  test('counts from the youngest health', () => {
    expect(when({})).toMatchObject({
      state: 'passed',
      reason: '1d are over: healthy in staging since Sun 2026-11-22 11:00 UTC',
    });
    expect(when({}, { sinceMs: NOW_MS - HOUR_MS })).toMatchObject({
      state: 'waiting',
      lookAgainAtMs: NOW_MS + 23 * HOUR_MS,
    });
  });

  test('since when it soaks is told where GitHub recorded it, not where a check run claims it', () => {
    const by = (kind: 'status' | 'check') => {
      const key = healthKey({ kind, name: 'argocd', by: null });
      const health = new Map([[key, known([fact({ sinceMs: NOW_MS - HOUR_MS })])]]);
      return evaluateSoak(HEALTHY, facts({ landings: known([landing(0)]), health }), NOW_MS).sinceMs;
    };
    expect(by('status')).toBe(NOW_MS - HOUR_MS);
    expect(by('check')).toBeUndefined();
  });

  test.each(['unhealthy', 'pending', 'missing'] as const)('does not start while it is %s', (state) => {
    expect(when({}, { state })).toEqual({
      gate: 'soak',
      state: 'waiting',
      reason: 'the clock starts once the release is healthy in staging',
    });
  });

  test('waits when health is unknown, or not asked for', () => {
    const health = new Map([['one', unknown('the statuses could not be read')]]);
    expect(evaluateSoak(HEALTHY, facts({ health }), NOW_MS).state).toBe('waiting');
    expect(evaluateSoak(HEALTHY, facts(), NOW_MS).state).toBe('waiting');
  });
});

/** Days of 23 and 25 hours, and a leap day, change nothing: a duration is a number of milliseconds. */
test.each([
  ['2027-03-28T00:30:00Z', 'Europe/Berlin'],
  ['2026-11-01T05:30:00Z', 'America/New_York'],
  ['2027-04-03T14:45:00Z', 'Australia/Lord_Howe'],
  ['2028-02-28T12:00:00Z', 'UTC'],
])('24h from %s are 24 hours, whatever the clocks of %s do', (from) => {
  const landedMs = Date.parse(from);
  const at = (nowMs: number) =>
    evaluateSoak(DAY, facts({ landings: known([landing(landedMs)]) }), nowMs).state;
  expect(at(landedMs + 24 * HOUR_MS - 1)).toBe('waiting');
  expect(at(landedMs + 24 * HOUR_MS)).toBe('passed');
});

test('it passes at the told time and not before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: NOW_MS - 100 * HOUR_MS, max: NOW_MS + HOUR_MS }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.integer({ min: 1, max: 90 * HOUR_MS }),
      (times, durationMs) => {
        const landings = known(times.map((time) => landing(time)));
        const at = (nowMs: number) => evaluateSoak({ ...DAY, durationMs }, facts({ landings }), nowMs);
        const isOver = times.every((time) => NOW_MS - time >= durationMs);
        const now = at(NOW_MS);
        expect(now.state).toBe(isOver ? 'passed' : 'waiting');
        if (now.lookAgainAtMs === undefined) return;
        expect(at(now.lookAgainAtMs).state).toBe('passed');
        expect(at(now.lookAgainAtMs - 1).state).toBe('waiting');
      },
    ),
    { numRuns: 300 },
  );
});

describe('a release that another one has replaced since', () => {
  const untilMs = NOW_MS - 10 * HOUR_MS;

  test('has soaked for as long as it was there', () => {
    expect(since(untilMs - 24 * HOUR_MS, { untilMs })).toEqual({
      gate: 'soak',
      sinceMs: untilMs,
      state: 'passed',
      reason:
        '1d are over: in staging since Sun 2026-11-22 02:00 UTC until another release replaced it Mon 2026-11-23 02:00 UTC',
    });
  });

  test('never passes when that was too short, however much time goes by', () => {
    const result = since(untilMs - 24 * HOUR_MS + 1, { untilMs });
    expect(result).toMatchObject({ state: 'waiting', reason: expect.stringContaining('less than 1d') });
    expect(result).not.toHaveProperty('lookAgainAtMs');
  });

  test('has been healthy for as long as it was there', () => {
    const healthySince = (sinceMs: number) => {
      const found: HealthFact = {
        environment: 'staging',
        name: 'x',
        state: 'healthy',
        sinceMs,
        sha: '',
        untilMs,
      };
      const spec = { ...DAY, since: 'healthy' } as const;
      return evaluateSoak(spec, facts({ health: new Map([['x', known([found])]]) }), NOW_MS).state;
    };
    expect(healthySince(untilMs - 24 * HOUR_MS)).toBe('passed');
    expect(healthySince(untilMs - 24 * HOUR_MS + 1)).toBe('waiting');
  });
});
