import type { ApprovalRule, Approver, GateSpec } from '../../../src/domain/gate-spec.ts';
import { evaluateApprovals } from '../../../src/domain/gates/approvals.ts';
import type { GateFacts, ProtectionFact, ReviewerFact, ReviewFact } from '../../../src/domain/gates/facts.ts';
import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { facts, OLD_HEAD, review, reviewed } from './support.ts';

type ApprovalsSpec = Extract<GateSpec, { kind: 'approvals' }>;

const SPEC: ApprovalsSpec = {
  kind: 'approvals',
  rule: { kind: 'count', count: 1, from: [{ kind: 'role', role: 'write' }] },
  allowAuthor: false,
  allowRequester: false,
};
const CODEOWNERS: Approver = { kind: 'codeowners' };
const WRITERS: Approver = { kind: 'role', role: 'write' };
const request = (requester: string) => known([{ requester, url: 'https://github.example/1' }]);

interface More {
  count?: number;
  from?: readonly Approver[];
  rule?: ApprovalRule;
  allowAuthor?: boolean;
  allowRequester?: boolean;
}

function evaluate(given: Partial<GateFacts>, { count = 1, from = [WRITERS], ...more }: More = {}) {
  const rule: ApprovalRule = { kind: 'count', count, from };
  const { state, reason } = evaluateApprovals({ ...SPEC, rule, ...more }, facts(given));
  return `${state}: ${reason}`;
}

test('waits for as many as it takes, and says from whom', () => {
  expect(evaluate({})).toBe('waiting: 0 of 1 approval from people with write access');
  const two = { count: 2, from: [{ kind: 'user', login: 'eve' }, CODEOWNERS] as const };
  expect(evaluate({}, two)).toBe('waiting: 0 of 2 approvals from eve or code owners');
  expect(evaluate(reviewed(review('alice')))).toBe(
    'passed: 1 of 1 approval from people with write access: approved by alice',
  );
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
    ['whoever pressed "Update branch"', { pushers: known(['ALICE']) }, 'pressed "Update branch"'],
    [
      'an outsider',
      { reviewers: known(new Map<string, ReviewerFact>([['alice', { role: 'read', teams: [] }]])) },
      'no write access',
    ],
    [
      'somebody of whom nothing is known',
      { reviewers: known(new Map<string, ReviewerFact>()) },
      'no write access',
    ],
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
      new Map<string, ReviewerFact>([
        ['mallory', { role: 'read', teams: [] }],
        ['bob', { role: 'write', teams: [] }],
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
      reviewers: known(new Map<string, ReviewerFact>([['alice', { role: 'write', teams: [team] }]])),
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
      'waiting: 1 of 1 approval from code owners, but no code owner has approved `apps/b/prod.yaml`',
    );
    expect(evaluate({ ...reviewed(review('alice'), review('bob')), owners }, { from })).toMatch(/^passed/);
    expect(evaluate({ ...reviewed(review('carol')), owners }, { from })).toMatch(/^waiting: 0 of 1/);
  });
});

describe('what cannot be read waits, and says why', () => {
  const lost = unknown('GitHub answered 502');

  test.each(['reviews', 'reviewers', 'authors', 'requests', 'pushers'] as const)('%s', (fact) => {
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

test('a role takes those who have it or a stronger one', () => {
  const as = (role: ReviewerFact['role']) => ({
    ...reviewed(review('alice')),
    reviewers: known(new Map<string, ReviewerFact>([['alice', { role, teams: [] }]])),
  });
  const maintain = { from: [{ kind: 'role', role: 'maintain' }] } as const;
  expect(evaluate(as('write'), maintain)).toMatch(
    /^waiting: 0 of 1 approval from people with the role maintain or admin; .* not among those who may approve/,
  );
  expect(evaluate(as('maintain'), maintain)).toMatch(/^passed/);
  expect(evaluate(as('admin'), maintain)).toMatch(/^passed/);
  const admin = { from: [{ kind: 'role', role: 'admin' }] } as const;
  expect(evaluate(as('maintain'), admin)).toMatch(
    /^waiting: 0 of 1 approval from people with the role admin/,
  );
});

describe('rules together', () => {
  const user = (login: string): ApprovalRule => ({
    kind: 'count',
    count: 1,
    from: [{ kind: 'user', login }],
  });
  const two: ApprovalRule = { kind: 'count', count: 2, from: [WRITERS] };
  const all = (...rules: ApprovalRule[]): ApprovalRule => ({ kind: 'all', rules });
  const any = (...rules: ApprovalRule[]): ApprovalRule => ({ kind: 'any', rules });
  const by = (rule: ApprovalRule, ...logins: string[]) =>
    evaluate(reviewed(...logins.map((login) => review(login))), { rule });

  test('of `all`, each is met, and the reason names those that are not', () => {
    const rule = all(user('alice'), two, user('carol'));
    expect(by(rule, 'bob')).toBe(
      'waiting: 0 of 1 approval from alice, and 1 of 2 approvals from people with write access, and 0 of 1 approval from carol',
    );
    expect(by(rule, 'alice', 'bob')).toBe('waiting: 0 of 1 approval from carol');
    expect(by(rule, 'alice', 'carol')).toMatch(/^passed: .*: approved by alice, carol$/);
  });

  test('of `any`, one is', () => {
    const rule = any(user('alice'), two);
    expect(by(rule, 'bob')).toBe(
      'waiting: 0 of 1 approval from alice, or 1 of 2 approvals from people with write access',
    );
    expect(by(rule, 'alice')).toBe('passed: 1 of 1 approval from alice: approved by alice');
    expect(by(rule, 'bob', 'carol')).toMatch(/^passed: 2 of 2/);
  });

  test('groups stand in groups', () => {
    const rule = all(two, any(user('alice'), user('bob')));
    expect(by(rule)).toBe(
      'waiting: 0 of 2 approvals from people with write access, and (0 of 1 approval from alice, or 0 of 1 approval from bob)',
    );
    expect(by(rule, 'carol', 'dave')).toBe(
      'waiting: 0 of 1 approval from alice, or 0 of 1 approval from bob',
    );
    expect(by(rule, 'carol', 'bob')).toMatch(/^passed/);
  });

  test('count one person in several rules, and once in each', () => {
    expect(by(all(user('alice'), { kind: 'count', count: 1, from: [WRITERS] }), 'alice')).toMatch(/^passed/);
    expect(by(all(user('alice'), two), 'alice', 'Alice')).toMatch(/^waiting: 1 of 2/);
  });

  test('without any rule nothing passes', () => {
    expect(by(all(), 'alice')).toMatch(/^waiting/);
    expect(by(any(), 'alice')).toMatch(/^waiting/);
  });

  test('somebody of one rule can object to all', () => {
    const no = review('carol', { state: 'changes-requested' });
    const given = reviewed(review('alice'), no);
    expect(evaluate(given, { rule: any(user('alice'), user('carol')) })).toMatch(/^failed: carol/);
  });
});

describe('what GitHub asks for as well', () => {
  const nothing = { approvals: 0, wantsCodeOwners: false, teams: [], isPartlyHidden: false };
  const asked = (more: Partial<ProtectionFact>, spec: More = {}) =>
    evaluate({ ...reviewed(review('alice')), protection: known({ ...nothing, ...more }) }, spec);

  test('is told, and changes nothing', () => {
    expect(asked({ approvals: 2 })).toMatch(/^passed: .*; GitHub asks for more: 2 approvals$/);
    expect(asked({ wantsCodeOwners: true, approvals: 1 })).toMatch(
      /^passed: .*; GitHub asks for more: an approval by a code owner of each file that has one$/,
    );
    expect(asked({ teams: [{ path: 'apps/a.yaml', approvals: 1 }] }, { count: 2 })).toMatch(
      /^waiting: .*; GitHub asks for more: 1 approval by the team that a ruleset names for `apps\/a.yaml`$/,
    );
    const teams = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, approvals: 1 }));
    expect(asked({ teams })).toMatch(/for `c`, approvals by teams for 2 more files$/);
  });

  test('is not, where the gate asks for it too', () => {
    expect(asked({ approvals: 1 })).not.toContain('GitHub');
    expect(asked({ approvals: 2 }, { count: 2 })).not.toContain('GitHub');
    expect(asked({ approvals: 1, wantsCodeOwners: true }, { from: [CODEOWNERS] })).not.toContain('GitHub');
    const one: ApprovalRule = { kind: 'count', count: 1, from: [CODEOWNERS] };
    const three: ApprovalRule = { kind: 'count', count: 3, from: [WRITERS] };
    const given = { approvals: 3, wantsCodeOwners: true };
    expect(asked(given, { rule: { kind: 'all', rules: [one, three] } })).not.toContain('GitHub');
    expect(asked(given, { rule: { kind: 'any', rules: [one, three] } })).toMatch(
      /GitHub asks for more: 3 approvals, an approval by a code owner/,
    );
  });

  test('and what cannot be read is told too', () => {
    expect(asked({ isPartlyHidden: true })).toMatch(
      /^passed: .*; what classic branch protection asks of reviews/,
    );
    const lost = unknown('what protects `main` could not be read');
    expect(evaluate({ ...reviewed(review('alice')), protection: lost })).toMatch(
      /^passed: .*; what protects `main` could not be read$/,
    );
  });
});

test('tells since when enough have approved, or somebody objects', () => {
  const rule: ApprovalRule = { kind: 'count', count: 1, from: [WRITERS] };
  const since = (...reviews: ReviewFact[]) =>
    evaluateApprovals({ ...SPEC, rule }, facts(reviewed(...reviews))).sinceMs;
  expect(since(review('alice', { atMs: 5 }), review('bob', { atMs: 9, sha: OLD_HEAD }))).toBe(5);
  expect(since(review('alice', { atMs: 5 }), review('bob', { atMs: 7, state: 'changes-requested' }))).toBe(7);
  expect(since(review('alice'))).toBeUndefined();
  expect(since()).toBeUndefined();
});
