import { expect, test } from '@jest/globals';
import type { HealthFact } from '../../../src/domain/gates/facts.ts';
import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { evaluateHealth, healthKey } from '../../../src/domain/gates/health.ts';
import { SHA_2 } from '../support.ts';
import { facts } from './support.ts';

const MINUTE_MS = 60_000;
const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const SOURCE = { kind: 'status', name: 'argocd/{from}', by: null } as const;
const SPEC = { kind: 'health', source: SOURCE, durationMs: 0 } as const;

function fact(state: HealthFact['state'], more: Partial<HealthFact> = {}): HealthFact {
  return {
    environment: 'staging',
    name: 'argocd/staging',
    state,
    sinceMs: state === 'missing' ? null : NOW_MS - 5 * MINUTE_MS,
    sha: state === 'missing' ? null : SHA_2,
    ...more,
  };
}

function judge(found: HealthFact[], durationMs = 0) {
  const health = new Map([[healthKey(SOURCE), known(found)]]);
  return evaluateHealth({ ...SPEC, durationMs }, facts({ health }), NOW_MS);
}

test('passes when the source environment reports the release healthy', () => {
  expect(judge([fact('healthy')])).toEqual({
    gate: 'health',
    state: 'passed',
    reason: `healthy in staging: status \`argocd/staging\` on ${SHA_2.slice(0, 7)}, since Mon 2026-11-23 11:55 UTC`,
    sinceMs: NOW_MS - 5 * MINUTE_MS,
  });
});

test('waits until it has stayed so for the duration', () => {
  expect(judge([fact('healthy')], 10 * MINUTE_MS)).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining('10m are over Mon 2026-11-23 12:05 UTC'),
    lookAgainAtMs: NOW_MS + 5 * MINUTE_MS,
  });
  expect(judge([fact('healthy')], 5 * MINUTE_MS).state).toBe('passed');
});

test('waits while nothing is reported, or something is on its way', () => {
  expect(judge([fact('missing')])).toMatchObject({
    state: 'waiting',
    reason: 'staging has not reported the release: no status `argocd/staging` since it came there',
  });
  expect(judge([fact('pending')]).state).toBe('waiting');
});

test('fails when it is unhealthy, and says what helps', () => {
  expect(judge([fact('unhealthy')])).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('staging reports the release unhealthy'),
  });
});

test('of several sources the worst counts', () => {
  const perf = { environment: 'perf', name: 'argocd/perf' };
  expect(judge([fact('healthy'), fact('healthy', perf)]).state).toBe('passed');
  expect(judge([fact('healthy'), fact('missing', perf)])).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining('perf has not reported'),
  });
  expect(judge([fact('missing'), fact('unhealthy', perf)])).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('perf reports'),
  });
});

test('unknown data waits with the reason, and so does what was never read', () => {
  const health = new Map([[healthKey(SOURCE), unknown('GitHub answered 500')]]);
  expect(evaluateHealth(SPEC, facts({ health }), NOW_MS)).toEqual({
    gate: 'health',
    state: 'waiting',
    reason: 'GitHub answered 500',
  });
  expect(evaluateHealth(SPEC, facts(), NOW_MS).state).toBe('waiting');
  expect(judge([]).state).toBe('waiting');
});

test('tells since when it is so, unless the time is only what a check run claims', () => {
  const perf = { environment: 'perf', name: 'argocd/perf', sinceMs: NOW_MS - MINUTE_MS };
  const minutes = ({ sinceMs }: { sinceMs?: number }) => (NOW_MS - (sinceMs ?? Number.NaN)) / MINUTE_MS;
  expect(minutes(judge([fact('healthy'), fact('healthy', perf)]))).toBe(1);
  expect(minutes(judge([fact('unhealthy'), fact('unhealthy', perf)]))).toBe(5);
  expect(minutes(judge([fact('healthy')], 3 * MINUTE_MS))).toBe(2);
  expect(minutes(judge([fact('healthy')], 10 * MINUTE_MS))).toBe(5);
  expect(judge([fact('missing')])).not.toHaveProperty('sinceMs');
  const source = { ...SOURCE, kind: 'check' } as const;
  const health = new Map([[healthKey(source), known([fact('healthy')])]]);
  const claimed = evaluateHealth({ ...SPEC, source }, facts({ health }), NOW_MS);
  expect(claimed.state).toBe('passed');
  expect(claimed).not.toHaveProperty('sinceMs');
});

test('of a release that another one has replaced, the time counts that it was there', () => {
  const untilMs = NOW_MS - MINUTE_MS;
  expect(judge([fact('healthy', { untilMs })], 4 * MINUTE_MS)).toMatchObject({ state: 'passed' });
  const short = judge([fact('healthy', { untilMs })], 4 * MINUTE_MS + 1);
  expect(short).toMatchObject({ state: 'waiting', reason: expect.stringContaining('replaced it') });
  expect(short).not.toHaveProperty('lookAgainAtMs');
});
