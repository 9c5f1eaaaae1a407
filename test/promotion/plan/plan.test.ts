import type { GateSpec } from '../../../src/domain/gate-spec.ts';
import { known, unknown } from '../../../src/domain/gates/gate.ts';
import { plan } from '../../../src/promotion/plan/plan.ts';
import type { Action } from '../../../src/promotion/plan/plan-types.ts';
import { withHead } from '../../../src/promotion/plan/render-trace.ts';
import type { CheckReport, OwnCheck } from '../../../src/promotion/ports/checks.ts';
import type { OpenPromotion, Snapshot } from '../../../src/promotion/snapshot.ts';
import { facts, review, reviewed } from '../../domain/gates/support.ts';
import { environment } from '../../domain/support.ts';
import { BRANCH, checkOf, openWith, pullOf, settings, sha, snapshotOf, withProd } from '../support.ts';

const APPROVALS: GateSpec = {
  kind: 'approvals',
  rule: { kind: 'count', count: 1, from: [{ kind: 'role', role: 'write' }] },
  allowAuthor: false,
  allowRequester: false,
};
const NOW_MS = Date.parse('2026-11-27T12:00:00Z');
const DUE = { dev: 'v2', prod: 'v1' };

function config(gates: GateSpec[], autoMerge = false) {
  const prod = environment('prod', ['dev'], { gates, autoMerge, reviewers: ['alice'] });
  return settings({ environments: [environment('dev'), prod] });
}

const kinds = ({ actions }: { actions: Action[] }) => actions.map(({ kind }) => kind);
const reasons = (snapshot: Snapshot) => plan(snapshot, NOW_MS).notPromoted.map(({ reason }) => reason);

function find<Kind extends Action['kind']>(snapshot: Snapshot, kind: Kind): Extract<Action, { kind: Kind }> {
  const action = plan(snapshot, NOW_MS).actions.find((each) => each.kind === kind);
  if (!action) throw new Error(`no ${kind} in ${kinds(plan(snapshot, NOW_MS))}`);
  return action as Extract<Action, { kind: Kind }>;
}

/** The pull request as it stands after the promotion of this snapshot was opened. */
function opened(snapshot: Snapshot, more: Partial<OpenPromotion> = {}): OpenPromotion {
  const { commitMessage, body, check } = find(snapshot, 'open-promotion');
  return { ...openWith(commitMessage, body, saved(check)), ...more };
}

function saved(check: Omit<CheckReport, 'headSha'>): OwnCheck {
  const { state, externalId, title, summary, text } = withHead(check, sha('head'));
  const isDone = state !== 'in_progress';
  const status = isDone ? 'completed' : 'in_progress';
  return checkOf({ externalId, title, summary, text, status, conclusion: isDone ? state : null });
}

test('the same snapshot gives the same plan, and is left as it was', () => {
  const snapshot = withProd(snapshotOf(DUE, config([APPROVALS])), {});
  const before = structuredClone(snapshot);
  expect(plan(snapshot, NOW_MS)).toEqual(plan(structuredClone(snapshot), NOW_MS));
  expect(snapshot).toEqual(before);
});

test('an updated promotion on the present base is left to events; only what GitHub still computes is asked again', () => {
  const snapshot = snapshotOf(DUE, config([APPROVALS]));
  const standing = opened(snapshot);
  const updated = { ...standing, head: { ...standing.head, parents: [sha('older'), sha('base')] } };
  expect(plan(withProd(snapshot, { open: updated }), NOW_MS).lookAgainMs).toBeNull();
  expect(plan(withProd(snapshot, { open: { ...updated, mergeable: null } }), NOW_MS).lookAgainMs).toBe(5_000);
});

test('a gate that time alone can change is looked at again when it does', () => {
  const allow = [{ text: 'daily 09:00-11:00', days: [], hours: [{ startMinute: 540, endMinute: 660 }] }];
  const gate: GateSpec = { kind: 'window', allow, block: [], zone: 'UTC' };
  const snapshot = snapshotOf(DUE, config([gate], true));
  const open = opened(snapshot);
  const standing = withProd(snapshot, { open });
  expect(kinds(plan(standing, NOW_MS))).toEqual([]);
  expect(plan(standing, NOW_MS).lookAgainMs).toBe(21 * 60 * 60 * 1000);
  const opensMs = Date.parse('2026-11-28T09:00:00Z');
  expect(plan(standing, opensMs - 1).lookAgainMs).toBe(1_000);
  expect(kinds(plan(standing, opensMs))).toEqual(['report-check', 'merge-promotion']);
});

describe('opens', () => {
  test('a promotion of what is due: branch, files, text, labels, reviewers and check', () => {
    const snapshot = snapshotOf(DUE, config([APPROVALS]));
    expect(kinds(plan(snapshot, NOW_MS))).toEqual(['open-promotion']);
    const action = find(snapshot, 'open-promotion');
    expect(action).toMatchObject({
      branch: 'sluice/checkout/prod',
      base: { branch: 'main', sha: sha('base') },
      title: 'Promote checkout v2 to prod',
      labels: ['promotion'],
      reviewers: ['alice'],
      check: { name: 'sluice/gates', state: 'in_progress', title: 'Waiting: approvals' },
    });
    expect(action.files).toEqual([
      {
        path: 'apps/checkout/prod/kustomization.yaml',
        mode: '100644',
        content: '# kept as it is\nimages:\n  - name: ghcr.io/acme/checkout\n    newTag: "v2" # moved\n',
      },
    ]);
    expect(action.body).toContain('Promotes **checkout** `v2` from **dev** to **prod**');
  });

  test('nothing when everything is in sync', () => {
    expect(plan(snapshotOf({ dev: 'v1', prod: 'v1' }), NOW_MS)).toEqual({
      actions: [],
      promotions: [],
      notPromoted: [],
      lookAgainMs: null,
      lookAt: [],
    });
  });

  test('nothing that is not to be promoted, and says why', () => {
    const snapshot = snapshotOf({ dev: 'v21', prod: 'v175' });
    expect(plan(snapshot, NOW_MS).actions).toEqual([]);
    expect(reasons(snapshot)).toEqual([expect.stringContaining('a downgrade')]);
  });
});

describe('an open promotion', () => {
  test('that carries what is due and says where it stands needs nothing', () => {
    const snapshot = snapshotOf(DUE, config([APPROVALS]));
    const { actions, promotions } = plan(withProd(snapshot, { open: opened(snapshot) }), NOW_MS);
    expect(actions).toEqual([]);
    expect(promotions).toMatchObject([{ release: 'v2', pull: { number: 7 }, gates: [{ state: 'waiting' }] }]);
  });

  test('is told again what it was judged by when that changed, not when the default branch only moved on', () => {
    const snapshot = snapshotOf(DUE, config([APPROVALS]));
    const standing = withProd(snapshot, { open: opened(snapshot) });
    const { base } = standing;
    const moved = { ...base, commit: { ...base.commit, sha: sha('next') } };
    expect(plan({ ...standing, base: moved }, NOW_MS).actions).toEqual([]);
    const entry = { path: '.github/sluice.yml', mode: '100644', type: 'blob', sha: sha('config') } as const;
    const files = new Map([...base.files, [entry.path, { ...entry, sizeBytes: 9 }]]);
    const { report } = find({ ...standing, base: { ...moved, files } }, 'report-check');
    expect(report.text).toContain(`"config": "${sha('config')}"`);
    expect(report.text).toContain(`"head": "${sha('head')}"`);
  });

  test('moves on to a newer release, on top of its own head, and says what it replaced', () => {
    const open = opened(snapshotOf(DUE));
    const action = find(withProd(snapshotOf({ dev: 'v3', prod: 'v1' }), { open }), 'update-promotion');
    expect(action).toMatchObject({ number: 7, headSha: sha('head'), title: 'Promote checkout v3 to prod' });
    expect(action.note?.text).toContain('`v3` from dev replaces `v2`');
    expect(action.files).toHaveLength(1);
  });

  test('is made anew when it conflicts with the default branch', () => {
    const snapshot = snapshotOf(DUE);
    const open = opened(snapshot, { mergeable: false });
    expect(find(withProd(snapshot, { open }), 'update-promotion').note?.text).toContain('Made anew');
  });

  test('that protection wants on the latest base is made anew, unless that would cost an approval in vain', () => {
    const snapshot = snapshotOf(DUE, config([APPROVALS]));
    const behind = { ...opened(snapshot), isBehind: true };
    expect(find(withProd(snapshot, { open: behind }), 'update-promotion').note).toBeNull();
    const review = { reviewer: 'alice', isBot: false, state: 'approved', sha: sha('head') } as const;
    const one = { ...behind, facts: { ...behind.facts, reviews: known([review]) } };
    expect(kinds(plan(withProd(snapshot, { open: one }), NOW_MS))).not.toContain('update-promotion');
    const reviewers = known(new Map([['alice', { role: 'write' as const, teams: [] }]]));
    const headSha = sha('head');
    const all = { ...one, facts: { ...one.facts, headSha, reviewers } };
    const { note } = find(withProd(snapshot, { open: all }), 'update-promotion');
    expect(note?.text).toContain('which must be in it before it merges');
  });

  test('is closed, and its branch with it, when its environment holds the release already', () => {
    const open = opened(snapshotOf(DUE));
    const snapshot = withProd(snapshotOf({ dev: 'v2', prod: 'v2' }), { open });
    expect(kinds(plan(snapshot, NOW_MS))).toEqual(['close-promotion']);
    expect(find(snapshot, 'close-promotion')).toMatchObject({
      number: 7,
      branch: BRANCH,
      headSha: sha('head'),
      body: expect.stringContaining('prod holds what there is to promote of checkout already'),
    });
  });

  test('waits, and is not closed, while something keeps the release from being known', () => {
    const open = opened(snapshotOf(DUE, config([], true)));
    const snapshot = withProd(snapshotOf({ dev: 'main', prod: 'v1' }, config([], true)), { open });
    expect(kinds(plan(snapshot, NOW_MS))).toEqual(['report-check']);
    expect(find(snapshot, 'report-check').report).toMatchObject({
      state: 'in_progress',
      title: 'Waiting: release',
      summary: expect.stringContaining('a floating tag'),
    });
  });

  test('whose labels a crash kept from being set gets them, and its reviewers', () => {
    const snapshot = snapshotOf(DUE, config([APPROVALS]));
    const open = opened(snapshot);
    const pull = { ...open.pull, labels: [] };
    expect(plan(withProd(snapshot, { open: { ...open, pull } }), NOW_MS).actions).toEqual([
      { kind: 'label-promotion', number: 7, labels: ['promotion'], reviewers: ['alice'] },
    ]);
  });

  test('whose head the App never reported on is not believed: trailers can be copied', () => {
    const merging = config([], true);
    const open = { ...opened(snapshotOf(DUE, merging)), check: null, isAttested: false };
    expect(kinds(plan(withProd(snapshotOf(DUE, merging), { open }), NOW_MS))).toEqual(['update-promotion']);
    const inSync = withProd(snapshotOf({ dev: 'v2', prod: 'v2' }, merging), { open });
    expect(kinds(plan(inSync, NOW_MS))).toEqual(['report-check']);
    expect(find(inSync, 'report-check').report.state).toBe('failure');
  });

  test('a body too long for GitHub is not written anew at every look', () => {
    const snapshot = snapshotOf(DUE);
    const { promotion } = snapshot.candidates[1]!;
    const change = promotion!.changes[0]!;
    const many = Array.from({ length: 100 }, (_, index) => ({ ...change, name: `${index}`.repeat(900) }));
    const long = withProd(snapshot, { promotion: { ...promotion!, changes: many } });
    const open = opened(snapshot);
    const mark = open.pull.body.slice(open.pull.body.indexOf('<!-- sluice:fingerprint'));
    const { body } = find(
      withProd(long, { open: { ...open, pull: { ...open.pull, body: 'edited' } } }),
      'describe-promotion',
    );
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain('Cut here');
    expect(body).toContain(mark);
    expect(kinds(plan(withProd(long, { open: { ...open, pull: { ...open.pull, body } } }), NOW_MS))).toEqual(
      [],
    );
  });
});

describe('what a person closed', () => {
  const closed = pullOf({ number: 5, isOpen: false });

  test('stays closed, and the plan says how it opens again', () => {
    const snapshot = withProd(snapshotOf(DUE), { closed });
    expect(plan(snapshot, NOW_MS).actions).toEqual([]);
    expect(reasons(snapshot)).toEqual([
      'v2 was closed in #5; a newer release or `/promote checkout to prod` opens it again',
    ]);
  });

  test('opens again when somebody who may asks for it', () => {
    const snapshot = withProd(snapshotOf(DUE), { closed, requestedBy: 'alice' });
    expect(find(snapshot, 'open-promotion').commitMessage).toContain('Sluice-Requested-By: alice');
  });
});

describe('a head that Sluice did not plan', () => {
  const everything = { ...config([], true) };

  function foreign(tags: { dev: string; prod: string }): Snapshot {
    const open = opened(snapshotOf(DUE, everything));
    const head = { ...open.head, isSluices: false, authorLogin: 'mallory' };
    return withProd(snapshotOf(tags, everything), { open: { ...open, head, trailers: null } });
  }

  test.each([
    ['carries what is due', DUE],
    ['carries an older release', { dev: 'v3', prod: 'v1' }],
    ['carries what nobody needs any more', { dev: 'v2', prod: 'v2' }],
  ])('is reported and never touched, when it %s', (_, tags) => {
    const snapshot = foreign(tags);
    expect(kinds(plan(snapshot, NOW_MS))).toEqual(['report-check']);
    expect(find(snapshot, 'report-check').report).toMatchObject({ state: 'failure', headSha: sha('head') });
    expect(reasons(snapshot)).toEqual([expect.stringContaining('by mallory is not what Sluice planned')]);
  });

  test('is reported once', () => {
    const snapshot = foreign(DUE);
    const check = saved(find(snapshot, 'report-check').report);
    const { open } = snapshot.candidates[1]!;
    expect(plan(withProd(snapshot, { open: { ...open!, check } }), NOW_MS).actions).toEqual([]);
  });
});

describe('merges', () => {
  const approved = facts(reviewed(review('alice')));
  const merging = (gates: GateSpec[], autoMerge: boolean, given = approved) => {
    const snapshot = snapshotOf(DUE, config(gates, autoMerge));
    return withProd(snapshot, { open: opened(snapshot, { facts: given }) });
  };

  test('when the config says so and every gate passed, only this head, and the trailers go along', () => {
    const snapshot = merging([APPROVALS], true);
    expect(kinds(plan(snapshot, NOW_MS))).toEqual(['report-check', 'merge-promotion']);
    expect(find(snapshot, 'report-check').report.state).toBe('success');
    expect(find(snapshot, 'merge-promotion')).toMatchObject({
      number: 7,
      headSha: sha('head'),
      method: 'squash',
      message: expect.stringMatching(/^Sluice-Application: checkout\n/),
    });
  });

  test.each<[string, Snapshot]>([
    ['without auto-merge', merging([APPROVALS], false)],
    ['while a gate waits', merging([APPROVALS, { kind: 'manual' }], true)],
    [
      'while a gate failed',
      merging([APPROVALS], true, facts(reviewed(review('alice', { state: 'changes-requested' })))),
    ],
    [
      'while a fact is unknown',
      merging([APPROVALS], true, facts({ reviews: unknown('GitHub answered 502') })),
    ],
    [
      'while it is unknown who wrote the change',
      merging([APPROVALS], true, { ...approved, authors: unknown('the commit has no author') }),
    ],
    [
      'while a check is unknown',
      merging([{ kind: 'checks', on: 'promotion', checks: [{ name: 'ci', app: null }], accept: [] }], true, {
        ...approved,
        headChecks: unknown('GitHub listed only a part'),
      }),
    ],
  ])('not %s', (_, snapshot) => expect(kinds(plan(snapshot, NOW_MS))).not.toContain('merge-promotion'));

  test('an unknown fact waits and says why', () => {
    const snapshot = merging([APPROVALS], true, facts({ reviews: unknown('GitHub answered 502') }));
    expect(find(snapshot, 'report-check').report).toMatchObject({
      state: 'in_progress',
      summary: expect.stringContaining('GitHub answered 502'),
    });
  });

  test('without gates, at once', () => {
    expect(kinds(plan(merging([], true), NOW_MS))).toEqual(['merge-promotion']);
  });

  test('a check that somebody must pass on the source decides too', () => {
    const gate: GateSpec = { kind: 'checks', on: 'source', checks: [{ name: 'ci', app: null }], accept: [] };
    const passed = known([[{ name: 'ci', app: null, conclusion: 'success' }]]);
    expect(kinds(plan(merging([gate], true, facts({ sourceChecks: passed })), NOW_MS))).toContain(
      'merge-promotion',
    );
    expect(kinds(plan(merging([gate], true), NOW_MS))).not.toContain('merge-promotion');
  });
});

test('a promotion of a target that is gone fails its check, and is otherwise left alone', () => {
  const stray = opened(snapshotOf(DUE));
  const snapshot = { ...snapshotOf({ dev: 'v1', prod: 'v1' }), candidates: [], strays: [stray] };
  expect(kinds(plan(snapshot, NOW_MS))).toEqual(['report-check']);
  expect(find(snapshot, 'report-check').report.state).toBe('failure');
});

test('branches of merged promotions go, as long as they point at what was merged', () => {
  const snapshot = {
    ...snapshotOf({ dev: 'v1', prod: 'v1' }),
    leftovers: [{ branch: BRANCH, headSha: sha('head') }],
  };
  expect(plan(snapshot, NOW_MS).actions).toEqual([
    { kind: 'delete-branch', branch: BRANCH, headSha: sha('head') },
  ]);
});
