import type { Approver, GateSpec } from '../../../src/domain/gate-spec.ts';
import { evaluateApprovals } from '../../../src/domain/gates/approvals.ts';
import type { GateFacts } from '../../../src/domain/gates/facts.ts';
import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { facts, OLD_HEAD, review, reviewed } from './support.ts';

type ApprovalsSpec = Extract<GateSpec, { kind: 'approvals' }>;

const SPEC: ApprovalsSpec = {
  kind: 'approvals',
  count: 1,
  from: [{ kind: 'write' }],
  allowAuthor: false,
  allowRequester: false,
};
const CODEOWNERS: Approver = { kind: 'codeowners' };
const request = (requester: string) => known([{ requester, url: 'https://github.example/1' }]);

function evaluate(given: Partial<GateFacts>, more: Partial<ApprovalsSpec> = {}) {
  const { state, reason } = evaluateApprovals({ ...SPEC, ...more }, facts(given));
  return `${state}: ${reason}`;
}

test('waits for as many as it takes, and says from whom', () => {
  expect(evaluate({})).toBe('waiting: 0 of 1 approval from people with write access');
  const two = { count: 2, from: [{ kind: 'user', login: 'eve' }, CODEOWNERS] as const };
  expect(evaluate({}, two)).toBe('waiting: 0 of 2 approvals from eve or code owners');
  expect(evaluate(reviewed(review('alice')))).toBe('passed: 1 of 1 approval: approved by alice');
  expect(evaluate(reviewed(review('alice')), { count: 2 })).toMatch(/^waiting: 1 of 2/);
  expect(evaluate(reviewed(review('alice'), review('bob')), { count: 2 })).toMatch(/^passed: 2 of 2/);
});

test('one person counts once', () => {
  expect(evaluate(reviewed(review('alice'), review('Alice')), { count: 2 })).toMatch(/^waiting: 1 of 2/);
});

test('an approval counts for the head that it was given to', () => {
  expect(evaluate(reviewed(review('alice', { sha: OLD_HEAD })))).toBe(
    "waiting: 0 of 1 approval from people with write access; alice's does not count: given to 9f8e7d6, not to the current head",
  );
});

describe('does not count', () => {
  test.each<[string, Partial<GateFacts>, string]>([
    ['the author of the change', { authors: known(['Alice']) }, 'author of the change'],
    ['whoever asked for the promotion', { requests: request('ALICE') }, 'asked for this promotion'],
    [
      'an outsider',
      { reviewers: known(new Map([['alice', { canWrite: false, teams: [] }]])) },
      'no write access',
    ],
    ['somebody of whom nothing is known', { reviewers: known(new Map()) }, 'no write access'],
    ['a bot', { reviews: known([review('alice', { isBot: true })]) }, 'a bot cannot approve'],
  ])('%s', (_, given, why) => {
    const result = evaluate({ ...reviewed(review('alice')), ...given });
    expect(result).toMatch(/^waiting: 0 of 1/);
    expect(result).toContain(why);
  });

  test('unless the config says so: author and requester', () => {
    const approved = reviewed(review('alice'));
    expect(evaluate({ ...approved, authors: known(['alice']) }, { allowAuthor: true })).toMatch(/^passed/);
    expect(evaluate({ ...approved, requests: request('alice') }, { allowRequester: true })).toMatch(
      /^passed/,
    );
  });
});

describe('the latest review of a person', () => {
  test('requested changes fail the gate until a new review or a dismissal', () => {
    const no = review('alice', { state: 'changes-requested' });
    expect(evaluate(reviewed(no, review('bob')))).toMatch(/^failed: alice requested changes/);
    expect(evaluate(reviewed(no, review('alice')))).toMatch(/^passed/);
    expect(evaluate(reviewed(no, review('alice', { state: 'dismissed' }), review('bob')))).toMatch(/^passed/);
    expect(evaluate(reviewed(review('alice'), no))).toMatch(/^failed/);
  });

  test('requested changes stay when the head moves on', () => {
    const no = review('alice', { state: 'changes-requested', sha: OLD_HEAD });
    expect(evaluate(reviewed(no, review('bob')))).toMatch(/^failed/);
  });

  test('a comment takes nothing back, a dismissal does', () => {
    const comment = review('alice', { state: 'commented' });
    expect(evaluate(reviewed(review('alice'), comment))).toMatch(/^passed/);
    expect(evaluate(reviewed(review('alice'), review('alice', { state: 'dismissed' })))).toMatch(/^waiting/);
  });

  test('an outsider cannot block', () => {
    const no = review('mallory', { state: 'changes-requested' });
    const given = reviewed(no, review('bob'));
    const reviewers = known(
      new Map([
        ['mallory', { canWrite: false, teams: [] }],
        ['bob', { canWrite: true, teams: [] }],
      ]),
    );
    expect(evaluate({ ...given, reviewers })).toMatch(/^passed/);
  });
});

describe('who may approve', () => {
  test('a named person', () => {
    const from = [{ kind: 'user', login: 'Alice' }] as const;
    expect(evaluate(reviewed(review('alice')), { from })).toMatch(/^passed/);
    expect(evaluate(reviewed(review('bob')), { from })).toContain('not among those who may approve');
  });

  test('a team', () => {
    const from = [{ kind: 'team', organization: 'acme', slug: 'sre' }] as const;
    const inTeam = (team: string) => ({
      ...reviewed(review('alice')),
      reviewers: known(new Map([['alice', { canWrite: true, teams: [team] }]])),
    });
    expect(evaluate(inTeam('Acme/SRE'), { from })).toMatch(/^passed/);
    expect(evaluate(inTeam('evil/sre'), { from })).toMatch(/^waiting/);
  });

  test('code owners: one for each file that has owners', () => {
    const owners = known([
      { path: 'apps/a/prod.yaml', owners: ['alice'] },
      { path: 'apps/b/prod.yaml', owners: ['bob', 'acme/sre'] },
      { path: 'README.md', owners: [] },
    ]);
    const from = [CODEOWNERS];
    expect(evaluate({ ...reviewed(review('alice')), owners }, { from })).toBe(
      'waiting: 1 of 1 approval from code owners; no code owner has approved `apps/b/prod.yaml`',
    );
    expect(evaluate({ ...reviewed(review('alice'), review('bob')), owners }, { from })).toMatch(/^passed/);
    expect(evaluate({ ...reviewed(review('carol')), owners }, { from })).toMatch(/^waiting: 0 of 1/);
  });
});

describe('what cannot be read waits, and says why', () => {
  const lost = unknown('GitHub answered 502');

  test.each(['reviews', 'reviewers', 'authors', 'requests'] as const)('%s', (fact) => {
    expect(evaluate({ ...reviewed(review('alice')), [fact]: lost })).toBe('waiting: GitHub answered 502');
  });

  test('owners, when the gate asks for them', () => {
    const given = { ...reviewed(review('alice')), owners: lost };
    expect(evaluate(given, { from: [CODEOWNERS] })).toBe('waiting: GitHub answered 502');
    expect(evaluate(given)).toMatch(/^passed/);
  });

  test('is not told before anybody has reviewed: one approval is missing in any case', () => {
    expect(evaluate({ authors: lost })).toMatch(/^waiting: 0 of 1 approval/);
  });
});
