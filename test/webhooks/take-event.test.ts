import { reconcileJob } from '../../src/promotion/merge-jobs.ts';
import type { Job } from '../../src/promotion/ports/jobs.ts';
import { makeIntake } from '../../src/webhooks/take-event.ts';

const NOW_MS = 1_764_000_000_000;
const ignore = () => undefined;

/** The intake, with what it enqueues and learns. */
function startIntake() {
  const jobs: Job[] = [];
  const learned: unknown[] = [];
  const take = makeIntake({
    appId: 99,
    now: () => NOW_MS,
    log: { info: ignore, warn: ignore, error: ignore },
    learn: (repository, hint) => learned.push([repository, hint]),
    queue: {
      add: async (job) => {
        jobs.push(job);
      },
    },
  });
  const deliver = async (name: string, payload: object) => {
    await take(name, { id: 'delivery-1', payload: { installation: { id: 3 }, ...payload } });
    return jobs.splice(0);
  };
  return { deliver, learned };
}

const repository = { full_name: 'acme/fleet', default_branch: 'main' };
const comment = { id: 5, body: '/promote', user: { type: 'User' } };

test('new comments are heard, edited and deleted ones are not', async () => {
  const { deliver } = startIntake();
  const say = (action: string) => deliver('issue_comment', { action, repository, comment });
  expect(await say('created')).toEqual([{ kind: 'command', repository: 'acme/fleet', comment: 5 }]);
  expect(await say('edited')).toEqual([]);
  expect(await say('deleted')).toEqual([]);
});

test('a check of its own starts nothing, asking for it again does', async () => {
  const { deliver } = startIntake();
  const check = (action: string, id: number) =>
    deliver('check_run', { action, repository, check_run: { app: { id } } });
  expect(await check('completed', 99)).toEqual([]);
  expect(await check('completed', 1)).toEqual([reconcileJob('acme/fleet')]);
  expect(await check('rerequested', 99)).toEqual([reconcileJob('acme/fleet')]);
});

test('a button on a check of its own is heard', async () => {
  const { deliver } = startIntake();
  const press = (id: number) =>
    deliver('check_run', {
      action: 'requested_action',
      repository,
      sender: { login: 'alice', type: 'User' },
      check_run: { id: 5, head_sha: 'abc', app: { id } },
      requested_action: { identifier: 're-evaluate' },
    });
  expect(await press(99)).toMatchObject([{ kind: 'button', checkRun: 5 }]);
  expect(await press(1)).toEqual([]);
});

test('each delivery teaches where its repository is installed', async () => {
  const { deliver, learned } = startIntake();
  await deliver('pull_request', { repository, action: 'opened', pull_request: { head: { ref: 'x' } } });
  expect(learned).toEqual([['acme/fleet', { installationId: 3, namedBranch: 'main' }]]);
});

test('only a push of this minute tells which branch is the default one', async () => {
  const { deliver, learned } = startIntake();
  const push = (ageSeconds: number) => ({ ...repository, pushed_at: NOW_MS / 1000 - ageSeconds });
  await deliver('push', { repository: push(5), ref: 'refs/heads/feature' });
  await deliver('push', { repository: push(7_200), ref: 'refs/heads/feature' });
  expect(learned).toEqual([
    ['acme/fleet', { installationId: 3, defaultBranch: 'main' }],
    ['acme/fleet', { installationId: 3, namedBranch: 'main' }],
  ]);
});
