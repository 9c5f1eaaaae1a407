import type { GateResult } from '../../../src/domain/gates/gate.ts';
import type { QueueGroup } from '../../../src/promotion/observe/observe-queue.ts';
import { type Judged, planQueue } from '../../../src/promotion/plan/plan-queue.ts';
import type { Action } from '../../../src/promotion/plan/plan-types.ts';
import { checkOf, pullOf, sha } from '../support.ts';

const TIP = sha('tip');
const pull = pullOf();

const group = (more: Partial<QueueGroup> = {}): QueueGroup => ({
  pull,
  headSha: sha('group'),
  baseSha: TIP,
  mismatch: null,
  check: null,
  pullCheck: null,
  ...more,
});

const gate = (state: GateResult['state']): GateResult => ({
  gate: 'checks',
  state,
  reason: `it is ${state}`,
});

function judged(gates: GateResult[] | null, more: Partial<Judged> = {}, actions: Action[] = []): Judged {
  const promoted = { application: 'checkout', from: ['dev'], to: 'prod', release: 'v2', pull };
  return {
    plan: { actions, promotions: gates ? [{ ...promoted, gates }] : [] },
    otherMark: 'other',
    isUnsure: () => false,
    ...more,
  };
}

function verdicts(groups: QueueGroup[], by: Judged): [string, string][] {
  const { actions } = planQueue({ baseSha: TIP, groups, unreadable: [] }, by);
  return actions.map((action) => {
    if (action.kind !== 'report-check') throw new Error('something else than a report');
    return [action.report.state, action.report.summary];
  });
}

const stateOf = (each: QueueGroup, by: Judged) => verdicts([each], by)[0]?.[0];

test('a promotion passes with its gates', () => {
  expect(stateOf(group(), judged([gate('passed'), gate('overridden')]))).toBe('success');
  expect(stateOf(group(), judged([]))).toBe('success');
});

test('one that waits or fails is thrown out, with the gates', () => {
  for (const state of ['waiting', 'failed'] as const) {
    const [[told, summary] = []] = verdicts([group()], judged([gate('passed'), gate(state)]));
    expect(told).toBe('failure');
    expect(summary).toContain(`it is ${state}`);
    expect(summary).toContain('Queue it again when it does.');
  }
});

test('what GitHub may tell the next time makes it wait, unless something failed', () => {
  const unsure = { isUnsure: () => true };
  expect(stateOf(group(), judged([gate('waiting')], unsure))).toBe('in_progress');
  expect(stateOf(group(), judged([gate('waiting'), gate('failed')], unsure))).toBe('failure');
  expect(stateOf(group(), judged(null, unsure))).toBe('in_progress');
});

test('a promotion that could not be read waits, and is not thrown out', () => {
  const [[state, summary] = []] = verdicts([group()], judged(null, { isUnsure: () => true }));
  expect(state).toBe('in_progress');
  expect(summary).toContain('GitHub does not tell all about #7 now');
});

test('a promotion that is not due, or about to be another, is thrown out', () => {
  expect(stateOf(group(), judged(null))).toBe('failure');
  const update = { kind: 'update-promotion', number: pull.number } as Action;
  expect(stateOf(group(), judged([gate('passed')], {}, [update]))).toBe('failure');
});

test('a commit that is not what merging the judged head comes to never passes', () => {
  const [[state, summary] = []] = verdicts([group({ mismatch: 'a`b' })], judged([gate('passed')]));
  expect([state, summary?.includes('``a`b`` differs')]).toEqual(['failure', true]);
});

test('what stands behind passes when all before it do', () => {
  const second = group({ headSha: sha('second'), baseSha: sha('group') });
  const states = (gates: GateResult[], groups: QueueGroup[]) =>
    verdicts(groups, judged(gates)).map(([state]) => state);
  expect(states([gate('passed')], [second, group()])).toEqual(['success', 'success']);
  expect(states([gate('passed')], [second, group({ mismatch: 'x' })])).toEqual(['in_progress', 'failure']);
  expect(states([gate('passed')], [second])).toEqual(['in_progress']);
  expect(states([gate('failed')], [group({ baseSha: sha('nowhere') })])).toEqual(['failure']);
});

test('groups that claim to stand on each other pass never', () => {
  const one = group({ headSha: sha('one'), baseSha: sha('two') });
  const two = group({ headSha: sha('two'), baseSha: sha('one') });
  expect(verdicts([one, two], judged([gate('passed')])).map(([state]) => state)).toEqual([
    'in_progress',
    'in_progress',
  ]);
});

describe('a pull request of somebody else', () => {
  const other = (pullCheck: QueueGroup['pullCheck']) =>
    group({ pull: pullOf({ isSluices: false }), pullCheck });
  const check = (conclusion: string, externalId = 'other') =>
    checkOf({ externalId, status: 'completed', conclusion });

  test('has the verdict of its own check', () => {
    expect(stateOf(other(check('success')), judged(null))).toBe('success');
    expect(stateOf(other(check('failure')), judged(null))).toBe('failure');
    expect(stateOf(other(null), judged(null))).toBe('in_progress');
  });

  test('waits while its check is of an older guard, or of something else', () => {
    expect(stateOf(other(check('success')), judged(null, { otherMark: 'other:1' }))).toBe('in_progress');
    expect(stateOf(other(check('success', 'promotion:x:y')), judged(null))).toBe('in_progress');
    expect(stateOf(other(check('success', 'group:7:x')), judged(null, { otherMark: null }))).toBe(
      'in_progress',
    );
    expect(stateOf(other(check('success', 'other:1')), judged(null, { otherMark: null }))).toBe('success');
  });

  test('has what this very look says of it', () => {
    const report = {
      name: 'sluice/gates',
      headSha: pull.headSha,
      externalId: 'other',
      state: 'failure' as const,
    };
    const action: Action = {
      kind: 'report-check',
      existing: null,
      report: { ...report, title: 'no', summary: '', annotations: [] },
    };
    expect(stateOf(other(check('success')), judged(null, {}, [action]))).toBe('failure');
  });
});

test('what was said already is not said again', () => {
  const { actions } = planQueue({ baseSha: TIP, groups: [group()], unreadable: [] }, judged([]));
  const [action] = actions;
  if (action?.kind !== 'report-check') throw new Error('nothing is reported');
  const { externalId, title, summary } = action.report;
  const said = checkOf({ externalId, title, summary, status: 'completed', conclusion: 'success' });
  expect(verdicts([group({ check: said })], judged([]))).toEqual([]);
});
