import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import { evaluateChecks } from '../../../src/domain/gates/checks.ts';
import type { CheckFact } from '../../../src/domain/gates/facts.ts';
import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { facts } from './support.ts';

type ChecksSpec = Extract<GateSpec, { kind: 'checks' }>;

const check = (conclusion: string | null, name = 'ci', app: string | null = 'github-actions'): CheckFact => ({
  name,
  app,
  conclusion,
});

function spec(on: ChecksSpec['on'], ...names: string[]): ChecksSpec {
  return { kind: 'checks', on, checks: names.map((name) => ({ name, app: null })), accept: [] };
}

const onHead = (...checks: CheckFact[]) =>
  evaluateChecks(spec('promotion', 'ci'), facts({ headChecks: known(checks) }));

test('passes with success, and says where', () => {
  expect(onHead(check('success'))).toEqual({
    gate: 'checks',
    state: 'passed',
    reason: '`ci` succeeded on the head 1a2b3c4',
  });
});

test.each(['neutral', 'skipped', 'failure', 'cancelled', 'timed_out', 'action_required', 'stale', ''])(
  '%s is no success',
  (conclusion) => {
    expect(onHead(check(conclusion))).toMatchObject({
      state: 'failed',
      reason: `\`ci\` ended with ${conclusion} on the head 1a2b3c4`,
    });
  },
);

test('waits while it runs, and while nobody has reported it', () => {
  expect(onHead(check(null))).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining('is running'),
  });
  expect(onHead(check('success', 'ci / build'))).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining('`ci` has not been reported'),
  });
});

test('all reports of one name must be success', () => {
  expect(onHead(check('success'), check('failure', 'ci', 'other')).state).toBe('failed');
  expect(onHead(check('success'), check(null, 'ci', 'other')).state).toBe('waiting');
});

test('all names must be success', () => {
  const headChecks = known([check('success'), check('failure', 'lint')]);
  const two = evaluateChecks(spec('promotion', 'ci', 'lint'), facts({ headChecks }));
  expect(two).toMatchObject({ state: 'failed', reason: '`lint` ended with failure on the head 1a2b3c4' });
  const missing = evaluateChecks(spec('promotion', 'ci', 'e2e'), facts({ headChecks }));
  expect(missing.state).toBe('waiting');
});

test('where the config names an app, nobody else can speak for it', () => {
  const pinned: ChecksSpec = { ...spec('promotion'), checks: [{ name: 'ci', app: 'github-actions' }] };
  const judge = (...checks: CheckFact[]) => evaluateChecks(pinned, facts({ headChecks: known(checks) }));
  expect(judge(check('success', 'ci', 'mallory'), check('success', 'ci', null)).state).toBe('waiting');
  expect(judge(check('success', 'ci', 'mallory'), check('failure')).state).toBe('failed');
  expect(judge(check('failure', 'ci', 'mallory'), check('success')).state).toBe('passed');
});

test('the source commit is another place than the head', () => {
  const elsewhere = facts({ headChecks: known([check('success')]) });
  expect(evaluateChecks(spec('source', 'ci'), elsewhere).state).toBe('waiting');
  const there = evaluateChecks(spec('source', 'ci'), facts({ sourceChecks: known([[check('success')]]) }));
  expect(there).toEqual({
    gate: 'checks on source',
    state: 'passed',
    reason: '`ci` succeeded on the source commit 9f8e7d6',
  });
});

test('what cannot be read waits, and says why', () => {
  const headChecks = unknown('GitHub did not list all check runs');
  expect(evaluateChecks(spec('promotion', 'ci'), facts({ headChecks }))).toEqual({
    gate: 'checks',
    state: 'waiting',
    reason: 'GitHub did not list all check runs',
  });
});

describe('a name with wildcards', () => {
  const matching = (name: string, ...checks: CheckFact[]) =>
    evaluateChecks(spec('promotion', name), facts({ headChecks: known(checks) }));

  test('asks all that match for success', () => {
    expect(matching('e2e/*', check('success', 'e2e/a'), check('success', 'e2e/b'))).toMatchObject({
      state: 'passed',
      reason: '`e2e/*` succeeded (2 checks) on the head 1a2b3c4',
    });
    expect(matching('e2e/*', check('success', 'e2e/a'), check('failure', 'e2e/b'))).toMatchObject({
      state: 'failed',
      reason: '`e2e/b` ended with failure on the head 1a2b3c4',
    });
    expect(matching('e2e/*', check('success', 'e2e/a'), check(null, 'e2e/b')).state).toBe('waiting');
  });

  test('waits while nothing matches', () => {
    expect(matching('e2e/*', check('success', 'lint'))).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('`e2e/*` has not been reported'),
    });
  });

  test('takes brackets and other signs for themselves', () => {
    expect(matching('test (node 2*)', check('success', 'test (node 20)')).state).toBe('passed');
    expect(matching('te?t [a]', check('success', 'test [a]')).state).toBe('waiting');
  });
});

describe('conclusions that the config accepts', () => {
  const accepting = (...accept: string[]) => ({ ...spec('promotion', 'ci'), accept });
  const judge = (conclusion: string | null, ...accept: string[]) =>
    evaluateChecks(accepting(...accept), facts({ headChecks: known([check(conclusion)]) }));

  test('count as success, and are named', () => {
    expect(judge('skipped', 'skipped')).toMatchObject({
      state: 'passed',
      reason: '`ci` ended with skipped, which is accepted, on the head 1a2b3c4',
    });
    expect(judge('success', 'skipped').state).toBe('passed');
  });

  test('let nothing else through', () => {
    expect(judge('neutral', 'skipped').state).toBe('failed');
    expect(judge('failure', 'skipped', 'neutral').state).toBe('failed');
    expect(judge(null, 'skipped', 'neutral').state).toBe('waiting');
  });
});

describe('with several source commits', () => {
  const onSources = (name: string, accept: string[], ...commits: CheckFact[][]) =>
    evaluateChecks({ ...spec('source', name), accept }, facts({ sourceChecks: known(commits) }));

  test('each of them needs the check', () => {
    expect(onSources('ci', [], [check('success')], [check('success')]).state).toBe('passed');
    expect(onSources('ci', [], [check('success')], []).state).toBe('waiting');
    expect(onSources('ci', ['neutral'], [check('neutral')], []).state).toBe('waiting');
    expect(onSources('ci', [], [check('success')], [check('failure')]).state).toBe('failed');
    expect(onSources('ci', []).state).toBe('waiting');
  });

  test('a failure that only one of them has is not lost behind a wildcard', () => {
    const [a, b] = [check('success', 'e2e/a'), check('failure', 'e2e/b')];
    expect(onSources('e2e/*', [], [a, b], [a]).state).toBe('failed');
  });
});
