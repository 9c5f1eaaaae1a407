import { digestOf } from '../../src/promotion/dashboard/boxes.ts';
import { reconcileJob } from '../../src/promotion/merge-jobs.ts';
import type { Payload } from '../../src/webhooks/deliveries.ts';
import * as deliveries from '../../src/webhooks/deliveries.ts';

const APP = 99;
const repository = { full_name: 'acme/fleet', default_branch: 'main' };
const LOOK = [reconcileJob('acme/fleet')];
const SOURCE = [{ kind: 'source', repository: 'acme/fleet', builds: [] }];

describe('a push', () => {
  const push = (ref: string) => deliveries.onPush({ repository, ref }, APP);

  test.each(['refs/heads/main', 'refs/heads/sluice/checkout/prod'])('to %s starts a look', (ref) => {
    expect(push(ref)).toEqual(LOOK);
  });

  test('to the holds starts a look that asks for the merge queue too', () => {
    expect(push('refs/heads/sluice-state')).toEqual([{ ...LOOK[0], queue: true, dashboard: true }]);
  });

  test.each(['refs/heads/feature', 'refs/tags/main', 'refs/heads/main/x', 'refs/tags/sluice/a/b', 'main'])(
    'to %s starts nothing',
    (ref) => expect(push(ref)).toEqual([]),
  );

  test('of a repository whose default branch is not told starts nothing', () => {
    const unnamed = { full_name: 'acme/fleet' };
    expect(deliveries.onPush({ repository: unnamed, ref: 'refs/heads/main' }, APP)).toEqual([]);
  });
});

describe('a merge queue', () => {
  const QUEUE = [reconcileJob('acme/fleet', { queue: true })];
  const ref = `refs/heads/gh-readonly-queue/main/pr-7-${'a'.repeat(40)}`;

  test('that asks for checks, or builds a group, starts a look at the queue', () => {
    expect(deliveries.onMergeGroup({ repository, action: 'checks_requested' }, APP)).toEqual(QUEUE);
    expect(deliveries.onPush({ repository, ref }, APP)).toEqual(QUEUE);
  });

  test('that ends a group starts nothing', () => {
    expect(deliveries.onPush({ repository, ref, deleted: true }, APP)).toEqual([]);
  });
});

describe('a check', () => {
  test.each<[string, Payload, boolean]>([
    ['run of another app', { check_run: { app: { id: 1 } } }, true],
    ['suite of another app', { check_suite: { app: { id: 1 } } }, true],
    ['run of nobody', { check_run: { app: null } }, true],
    ['run of its own', { check_run: { app: { id: APP } } }, false],
    ['suite of its own', { check_suite: { app: { id: APP } } }, false],
  ])('%s: starts a look %s', (_, payload, starts) => {
    expect(deliveries.onCheck({ repository, ...payload }, APP)).toEqual(starts ? LOOK : []);
  });
});

describe('a comment', () => {
  const person = { login: 'alice', type: 'User' };
  const comment = (body: string, type = 'User', sender = person) =>
    deliveries.onComment({ repository, sender, comment: { id: 5, body, user: { type } } }, APP);

  test('with a command is looked at', () => {
    expect(comment('/promote to prod')).toEqual([{ kind: 'command', repository: 'acme/fleet', comment: 5 }]);
  });

  test('without one, or by a bot, is not', () => {
    expect(comment('Ship it. > /promote')).toEqual([]);
    expect(comment('/promote', 'Bot')).toEqual([]);
    expect(comment('/promote', 'User', { login: 'x[bot]', type: 'Bot' })).toEqual([]);
  });
});

describe('a button', () => {
  const press = (more: Partial<Payload> = {}) =>
    deliveries.onButton(
      {
        repository,
        sender: { login: 'alice', type: 'User' },
        check_run: { id: 5, head_sha: 'abc', app: { id: APP } },
        requested_action: { identifier: 're-evaluate' },
        ...more,
      },
      APP,
    );

  test('on a check run of its own says what was pressed, where and by whom', () => {
    expect(press()).toEqual([
      {
        kind: 'button',
        repository: 'acme/fleet',
        checkRun: 5,
        identifier: 're-evaluate',
        sender: 'alice',
        headSha: 'abc',
      },
    ]);
  });

  test('of another App, by a bot, or of nothing starts nothing', () => {
    expect(press({ check_run: { id: 5, head_sha: 'abc', app: { id: 1 } } })).toEqual([]);
    expect(press({ sender: { login: 'x[bot]', type: 'Bot' } })).toEqual([]);
    expect(press({ sender: undefined })).toEqual([]);
    expect(press({ requested_action: undefined })).toEqual([]);
  });
});

describe('the end of a pull request', () => {
  const told = (action: string, ref: string) =>
    deliveries.onPullRequest({ repository, action, pull_request: { number: 7, head: { ref } } }, APP);

  test('of a promotion says which one has ended', () => {
    expect(told('closed', 'sluice/checkout/prod')).toEqual([reconcileJob('acme/fleet', { ended: [7] })]);
  });

  test('of anything else only starts a look', () => {
    expect(told('closed', 'feature')).toEqual(LOOK);
    expect(told('opened', 'sluice/checkout/prod')).toEqual(LOOK);
  });
});

test.each(['labeled', 'unlabeled'])('a label of a merged pull request starts a look when %s', (action) => {
  const merged = { number: 7, head: { ref: 'feature' } };
  expect(deliveries.onPullRequest({ repository, action, pull_request: merged }, APP)).toEqual(LOOK);
});

describe('what may be a build', () => {
  test('a workflow run counts when it succeeded', () => {
    const run = (conclusion: string | null) =>
      deliveries.onWorkflowRun({ repository, workflow_run: { conclusion } }, APP);
    expect(run('success')).toEqual(SOURCE);
    for (const other of ['failure', 'neutral', 'skipped', null]) expect(run(other)).toEqual([]);
  });

  test('a status may also be what a gate waits for', () => {
    expect(deliveries.onStatus({ repository, state: 'success' }, APP)).toEqual([...LOOK, ...SOURCE]);
    expect(deliveries.onStatus({ repository, state: 'pending' }, APP)).toEqual(LOOK);
  });

  test('a dispatch is kept with its payload, since nothing else tells of it', () => {
    const payload = {
      repository,
      action: 'built',
      client_payload: { tag: 'v2' },
      sender: { login: 'ci', type: 'Bot' },
    };
    const build = { repository: 'acme/fleet', type: 'built', payload: { tag: 'v2' }, sender: 'ci' };
    expect(deliveries.onDispatch(payload, APP)).toMatchObject([
      { kind: 'source', repository: 'acme/fleet', builds: [build] },
    ]);
    expect(deliveries.onDispatch({ ...payload, client_payload: null }, APP)).toMatchObject([
      { builds: [{ payload: {} }] },
    ]);
  });
});

describe('an edit of the dashboard', () => {
  const text = (one: string, other: string) =>
    `<!-- sluice:dashboard -->\r\n- [${one}] <!-- sluice:box=refresh -->Look\r\n- [${other}] <!-- sluice:box=freeze-${'0'.repeat(16)} -->Freeze`;
  const edit = (from: string, body: string, more: Partial<NonNullable<Payload['issue']>> = {}) => ({
    repository,
    sender: { login: 'ann', type: 'User' },
    changes: { body: { from } },
    issue: {
      ...{ number: 3, body, updated_at: '2026-11-29T06:00:00Z', user: { type: 'Bot' } },
      ...more,
    },
  });
  const LOOK_AT_IT = [reconcileJob('acme/fleet', { dashboard: true })];

  test('tells whose tick is whose: what was ticked before is another person’s', () => {
    const [job] = deliveries.onIssueEdit(edit(text('x', ' '), text('x', 'X')), APP);
    expect(job).toEqual({
      ...{ kind: 'tick', repository: 'acme/fleet', issue: 3, sender: 'ann' },
      boxes: [`freeze-${'0'.repeat(16)}`],
      shown: digestOf(text(' ', ' ')),
      saidAtMs: Date.parse('2026-11-29T06:00:00Z'),
    });
  });

  test('that ticks nothing has the text looked at', () => {
    expect(deliveries.onIssueEdit(edit(text('x', ' '), text(' ', ' ')), APP)).toEqual(LOOK_AT_IT);
    expect(deliveries.onIssueEdit(edit(text(' ', ' '), 'gone <!-- sluice:dashboard -->'), APP)).toEqual(
      LOOK_AT_IT,
    );
  });

  test.each<[string, Payload]>([
    ['of the App itself', { ...edit(text(' ', ' '), text('x', ' ')), sender: { login: 'b', type: 'Bot' } }],
    ['of the title', { ...edit(text(' ', ' '), text('x', ' ')), changes: {} }],
    ['of a person’s issue', edit(text(' ', ' '), text('x', ' '), { user: { type: 'User' } })],
    ['of an issue of nobody', edit(text(' ', ' '), text('x', ' '), { user: null })],
    ['of another issue', edit('- [ ] a', '- [x] a')],
  ])('%s starts nothing', (_, payload) => {
    expect(deliveries.onIssueEdit(payload, APP)).toEqual([]);
  });
});

test('new repositories are looked at with all their builds', () => {
  const names = [{ full_name: 'acme/a' }, { full_name: 'acme/b' }];
  const jobs = names.map(({ full_name }) => reconcileJob(full_name, { lookAt: ['*'] }));
  expect(deliveries.onInstallation({ repositories: names }, APP)).toEqual(jobs);
  expect(deliveries.onInstallation({ repositories_added: names }, APP)).toEqual(jobs);
});

test('a payload without a repository starts nothing', () => {
  for (const intake of Object.values(deliveries)) {
    expect(intake({ action: 'closed', state: 'success', ref: 'refs/heads/main' }, APP)).toEqual([]);
  }
});
