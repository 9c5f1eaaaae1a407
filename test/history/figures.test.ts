import fc from 'fast-check';
import { toDelivery } from '../../src/history/delivery.ts';
import { figuresOf } from '../../src/history/figures.ts';
import { figuresSchema } from '../../src/history/figures-schema.ts';
import type { PromotionRecord } from '../../src/history/record.ts';
import { sha } from '../promotion/support.ts';
import { recordOf } from './support.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse('2026-03-01T00:00:00Z');
const at = (hours: number) => new Date(START + hours * HOUR_MS).toISOString();
const MONTH = { sinceMs: START, untilMs: START + 28 * DAY_MS };
const fingerprintOf = (release: string) => sha(release).slice(0, 16);

/** A promotion whose release Sluice committed at one hour, and that merged at another. */
function merged(
  release: string,
  committed: number,
  mergedAt: number,
  more: Partial<PromotionRecord> = {},
): PromotionRecord {
  const { environment = 'prod' } = more;
  const fingerprint = fingerprintOf(release);
  return recordOf({
    pull: mergedAt,
    release,
    fingerprint,
    releases: [{ release, fingerprint, headSha: sha(release), at: at(committed) }],
    openedAt: at(committed),
    outcome: 'merged',
    mergedAt: at(mergedAt),
    mergeCommitSha: sha(`${environment} ${release}`),
    ...more,
  });
}

const of = (records: readonly PromotionRecord[], period = MONTH) =>
  figuresOf(records.map(toDelivery), period);
const gate = (name: string, state: 'passed' | 'waiting', hours: number | null) => ({
  gate: name,
  kind: name,
  state,
  reason: '',
  facts: null,
  ...(hours === null ? {} : { since: at(hours) }),
});

test('how often: what merged in the period, by application and environment', () => {
  const records = [
    merged('v1', 1, 2),
    merged('v2', 30, 31),
    merged('v3', 40, 41, { application: 'payments' }),
    merged('v0', -30, -29),
    recordOf({ pull: 99, outcome: 'closed', closedAt: at(50) }),
  ];
  expect(of(records)).toMatchObject([
    { application: 'checkout', environment: 'prod', deploymentCount: 2, deploymentsPerWeek: 0.5 },
    { application: 'payments', environment: 'prod', deploymentCount: 1, deploymentsPerWeek: 0.25 },
  ]);
});

test('lead time: from the first commit of the release, followed back through the environments', () => {
  const dev = merged('v1', 10, 11, { environment: 'dev', from: [] });
  const staging = merged('v1', 12, 14, { environment: 'staging', origin: dev.mergeCommitSha });
  const prod = merged('v1', 15, 34, { origin: staging.mergeCommitSha });
  const times = of([dev, staging, prod]).map(({ environment, leadTime }) => [environment, leadTime.medianMs]);
  expect(times).toEqual([
    ['dev', HOUR_MS],
    ['prod', 24 * HOUR_MS],
    ['staging', 4 * HOUR_MS],
  ]);
});

test('a release that took the place of another counts from its own commit', () => {
  const record = merged('v2', 20, 23, { openedAt: at(1) });
  const before = { release: 'v1', fingerprint: fingerprintOf('v1'), headSha: sha('v1'), at: at(1) };
  const [figures] = of([{ ...record, releases: [before, ...record.releases] }]);
  expect(figures?.leadTime).toEqual({ count: 1, medianMs: 3 * HOUR_MS, p90Ms: 3 * HOUR_MS });
});

test('medians and nine in ten, with how many there were', () => {
  const records = Array.from({ length: 10 }, (_, index) => merged(`v${index}`, 0, index + 1));
  expect(of(records)[0]?.leadTime).toEqual({ count: 10, medianMs: 5.5 * HOUR_MS, p90Ms: 9 * HOUR_MS });
});

describe('failures', () => {
  const v1 = merged('v1', 0, 1);
  const v2 = merged('v2', 9, 10);

  test('a rollback takes back what is there, and is no deployment itself', () => {
    const back = merged('v1', 12, 13, { kind: 'rollback' });
    expect(of([v1, v2, back])[0]).toMatchObject({
      deploymentCount: 2,
      rollbackCount: 1,
      failedCount: 1,
      changeFailureRate: 0.5,
      timeToRestore: { count: 1, medianMs: 3 * HOUR_MS },
      leadTime: { count: 2 },
    });
  });

  test('so does what somebody promotes again that was there before', () => {
    expect(of([v1, v2, merged('v1', 12, 13)])[0]).toMatchObject({ rollbackCount: 1, failedCount: 1 });
  });

  test('but not what goes forward again after a rollback', () => {
    const records = [v1, v2, merged('v1', 12, 13), merged('v2', 20, 21), merged('v3', 22, 23)];
    expect(of(records)[0]).toMatchObject({ deploymentCount: 4, rollbackCount: 1, failedCount: 1 });
  });

  test('a rollback of before the period says nothing of it; without deployments there is no rate', () => {
    const early = [merged('v1', -9, -8), merged('v2', -7, -6), merged('v1', -5, -4)];
    expect(of(early)[0]).toMatchObject({ deploymentCount: 0, rollbackCount: 0, changeFailureRate: null });
  });
});

describe('where releases wait', () => {
  test('from the commit of the release until the gate passed; the last to pass held it up', () => {
    const gates = [gate('checks', 'passed', 2), gate('approvals', 'passed', 9), gate('soak', 'passed', null)];
    const [figures] = of([merged('v1', 1, 10, { gates })]);
    expect(figures?.gates).toMatchObject([
      { gate: 'approvals', waited: { count: 1, medianMs: 8 * HOUR_MS }, lastToPassCount: 1, unknownCount: 0 },
      { gate: 'checks', waited: { count: 1, medianMs: HOUR_MS }, lastToPassCount: 0 },
      { gate: 'soak', waited: { count: 0, medianMs: null }, unknownCount: 1 },
    ]);
  });

  test('what is open now counts as waiting', () => {
    const open = recordOf({ openedAt: at(0), gates: [gate('approvals', 'waiting', 5)] });
    const waits = of([open, merged('v0', -900, -899, { gates: [gate('manual', 'passed', -890)] })])[0]?.gates;
    const now = MONTH.untilMs - START;
    expect(waits).toMatchObject([
      { gate: 'approvals', waitingCount: 1, longestWaitingMs: now, totalMs: now, waited: { count: 0 } },
    ]);
  });
});

test('records that make no sense give figures all the same, as the schema says', () => {
  const hour = fc.integer({ min: -100, max: 700 });
  const tag = fc.constantFrom('v1', 'v2', 'v3');
  const record = fc
    .record({
      tag,
      one: hour,
      other: hour,
      environment: fc.constantFrom('dev', 'prod'),
      origin: tag,
      isBack: fc.boolean(),
    })
    .map(({ tag, one, other, environment, origin, isBack }) =>
      merged(tag, one, other, {
        environment,
        origin: sha(`${environment === 'prod' ? 'dev' : 'prod'} ${origin}`),
        kind: isBack ? 'rollback' : 'promotion',
        gates: [gate('manual', 'passed', other)],
      }),
    );
  fc.assert(
    fc.property(fc.array(record), (records) => {
      for (const figures of of(records)) {
        expect(figuresSchema.parse(figures)).toEqual(figures);
        expect(figures.failedCount).toBeLessThanOrEqual(figures.deploymentCount);
      }
    }),
  );
});
