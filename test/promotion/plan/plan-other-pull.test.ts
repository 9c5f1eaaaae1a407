import { planOtherPull } from '../../../src/promotion/plan/plan-other-pull.ts';
import type { CheckReport } from '../../../src/promotion/ports/checks.ts';
import type { DirectChange, GuardFacts, OtherPull } from '../../../src/promotion/snapshot.ts';
import { checkOf, openWith, pullOf, snapshotOf, withProd } from '../support.ts';

const MARK = 'other:0123456789abcdef';

const change = (more: Partial<DirectChange> = {}): DirectChange => ({
  application: 'checkout',
  environment: 'prod',
  kind: 'image',
  name: 'shop',
  part: 'newTag',
  from: 'v1',
  to: 'v2',
  place: { path: 'apps/checkout/prod/kustomization.yaml', line: 3 },
  ...more,
});

const facts = (more: Partial<GuardFacts> = {}): GuardFacts => ({
  changes: [],
  unreadable: [],
  unknown: null,
  override: null,
  strict: [],
  ...more,
});

const BY_ANN = { gate: 'guard', by: 'ann', reason: 'it burns', url: 'https://github.example/c/1' };

function reportOf(
  guard: GuardFacts,
  more: Partial<OtherPull> = {},
  snapshot = snapshotOf({ dev: 'v1', prod: 'v1' }),
): CheckReport {
  const other = {
    pull: pullOf({ isSluices: false }),
    configProblems: null,
    mark: MARK,
    check: null,
    guard,
    ...more,
  };
  const [action] = planOtherPull(other, snapshot);
  if (action?.kind !== 'report-check') throw new Error('nothing is reported');
  return action.report;
}

test('what changes nothing that is guarded passes, and keeps the mark of the guard', () => {
  expect(reportOf(facts())).toMatchObject({ state: 'success', title: 'Not a promotion', externalId: MARK });
});

test('a direct change fails on its line, and names what should carry it', () => {
  const report = reportOf(facts({ changes: [change()] }));
  expect(report).toMatchObject({
    state: 'failure',
    externalId: MARK,
    title: 'Changes 1 promoted value of prod directly',
    annotations: [{ path: 'apps/checkout/prod/kustomization.yaml', line: 3 }],
  });
  expect(report.summary).toContain(
    'change `dev`, and Sluice promotes it; or comment `/promote checkout to prod`',
  );
  const open = openWith('Promote', '', null);
  const promoting = withProd(snapshotOf({ dev: 'v2', prod: 'v1' }), { open });
  expect(reportOf(facts({ changes: [change()] }), {}, promoting).summary).toContain('| #7 is open |');
});

test('values and names out of a repository stay harmless', () => {
  const hostile = change({ name: 'x`|@acme/all', to: '</td>`@acme|<b>', application: '`a|b' });
  const { summary } = reportOf(facts({ changes: [hostile] }));
  expect(summary).not.toMatch(/@acme/);
  expect(summary.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3);
});

test('an override lets it pass and says who and why', () => {
  const report = reportOf(facts({ changes: [change()], override: BY_ANN }));
  expect(report).toMatchObject({ state: 'success', annotations: [] });
  expect(report.summary).toContain('Overridden by `ann`: it burns ([comment](https://github.example/c/1))');
});

test('what cannot be compared fails, what GitHub did not give waits and is no verdict', () => {
  const unreadable = [{ application: 'checkout', environment: 'prod', reason: 'it is no YAML' }];
  const report = reportOf(facts({ unreadable, strict: ['prod'] }));
  expect(report).toMatchObject({
    state: 'failure',
    title: 'Values that cannot be compared of prod directly',
  });
  expect(report.summary).toContain('it is no YAML');
  expect(report.summary).toContain('lets nobody override this in `prod`');
  expect(reportOf(facts({ unknown: 'GitHub says 500' }))).toMatchObject({
    state: 'in_progress',
    externalId: 'unjudged',
    summary: 'GitHub says 500',
  });
});

test('a broken config is told beside it, and no override mends that', () => {
  const configProblems = [{ line: 2, column: 1, path: 'x', message: 'it is wrong' }];
  const report = reportOf(facts({ changes: [change()], override: BY_ANN }), { configProblems });
  expect(report.state).toBe('failure');
  expect(report.summary).toContain('it is wrong');
  expect(report.summary).toContain('Overridden by');
});

test('what was said already is not said again', () => {
  const other = { pull: pullOf(), configProblems: null, mark: MARK, guard: facts({ changes: [change()] }) };
  const [action] = planOtherPull(other);
  if (action?.kind !== 'report-check') throw new Error('nothing is reported');
  const { externalId, title, summary } = action.report;
  const check = checkOf({ externalId, title, summary, status: 'completed', conclusion: 'failure' });
  expect(planOtherPull({ ...other, check })).toEqual([]);
  expect(planOtherPull({ ...other, check: { ...check, externalId: 'other' } })).toMatchObject([
    { existing: null },
  ]);
});
