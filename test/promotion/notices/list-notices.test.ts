import type { GateResult } from '../../../src/domain/gates/gate.ts';
import { known } from '../../../src/domain/gates/gate.ts';
import { listNotices, NEWS_MS } from '../../../src/promotion/notices/list-notices.ts';
import type { PlannedPromotion } from '../../../src/promotion/plan/plan-types.ts';
import type { Candidate } from '../../../src/promotion/snapshot.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const pull = { number: 7, url: 'https://github.example/acme/fleet/pull/7' };

const planned = (gates: GateResult[], more: Partial<PlannedPromotion> = {}): PlannedPromotion => ({
  application: 'checkout',
  from: ['staging'],
  to: 'prod',
  release: 'v2',
  pull,
  gates,
  ...more,
});

const candidate = (openedMs: number, holds: object[] = []) =>
  ({
    application: 'checkout',
    environment: { name: 'prod' },
    open: {
      head: { isSluices: true, committedAt: new Date(openedMs).toISOString() },
      facts: { holds: known(holds) },
    },
  }) as unknown as Candidate;

const gate = (name: string, state: GateResult['state'], more: Partial<GateResult> = {}): GateResult => ({
  gate: name,
  state,
  reason: `about ${name}`,
  ...more,
});

const events = (gates: GateResult[], openedMs = NOW_MS) =>
  listNotices({ candidates: [candidate(openedMs)] }, [planned(gates)], NOW_MS).map(({ event }) => event);

test('what opened is told, and so is that only people are missing', () => {
  expect(events([gate('checks on source', 'waiting'), gate('approvals', 'waiting')])).toEqual(['opened']);
  const [, waiting] = listNotices(
    { candidates: [candidate(NOW_MS)] },
    [planned([gate('checks on source', 'passed'), gate('approvals', 'waiting'), gate('soak', 'overridden')])],
    NOW_MS,
  );
  expect(waiting).toMatchObject({
    event: 'waiting',
    application: 'checkout',
    reason: 'approvals: about approvals',
  });
});

test('each gate that failed is told; then nobody is asked to approve', () => {
  expect(events([gate('checks', 'failed'), gate('policy', 'failed'), gate('manual', 'waiting')])).toEqual([
    'opened',
    'failed',
    'failed',
  ]);
});

test('what has no pull request yet, or is no news, is not told', () => {
  const failed = gate('checks', 'failed', { sinceMs: NOW_MS - NEWS_MS - 1 });
  expect(events([failed], NOW_MS - NEWS_MS - 1)).toEqual([]);
  expect(
    listNotices({ candidates: [] }, [planned([gate('checks', 'failed')], { pull: null })], NOW_MS),
  ).toEqual([]);
});

test('the same is told by the same key, another release by another', () => {
  const keys = (release: string) =>
    listNotices(
      { candidates: [candidate(NOW_MS)] },
      [planned([gate('manual', 'waiting')], { release })],
      NOW_MS,
    ).map(({ key }) => key);
  expect(keys('v2')).toEqual(keys('v2'));
  expect(new Set([...keys('v2'), ...keys('v3')]).size).toBe(4);
});

test('a freeze is told once for its environment, a hold on an application is not', () => {
  const hold = {
    by: 'sam',
    what: '',
    reason: 'audit',
    resume: '',
    url: 'https://github.example/1',
    untilMs: null,
  };
  const candidates = [
    candidate(0, [{ ...hold, isFreeze: true }]),
    candidate(0, [{ ...hold, isFreeze: true }, hold]),
  ];
  expect(listNotices({ candidates }, [], NOW_MS)).toMatchObject([
    { event: 'frozen', application: null, environment: 'prod', by: 'sam', reason: 'audit' },
  ]);
});
