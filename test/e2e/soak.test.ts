import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const HOUR_MS = 60 * 60 * 1000;
const START_MS = Date.parse('2026-11-23T10:00:00Z');

/** Over an hour ahead the token that the app keeps is too old, as it would be renewed by then. */
async function goTo(nowMs: number) {
  await setting.world.stopApp();
  setting.world.sandbox.clock.set(nowMs);
  await setting.world.startApp();
  await setting.world.settle();
}

async function start(gates: string) {
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(
        `  dev:\n  prod:\n    from: dev\n    auto-merge: true\n    gates:\n${gates}`,
      ),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { isStarted: false },
  );
  await goTo(START_MS);
}

const prodTag = async () => /newTag: (\S+)/.exec((await setting.read(overlayPath('prod'))) ?? '')?.[1];

async function report(state: 'success' | 'failure' | 'pending', sha: string, context: string) {
  await setting.as('ann').rest.repos.createCommitStatus({ ...setting.repo, sha, state, context });
  await setting.settle();
}

const tip = async () =>
  (await setting.as('ann').rest.git.getRef({ ...setting.repo, ref: 'heads/main' })).data.object.sha;

test('a release soaks by GitHub’s clock, whatever date its commit claims, and then merges by itself', async () => {
  await start('      - soak: 24h\n');
  const blob = Buffer.from(overlay('v2')).toString('base64');
  const { data: old } = await setting.as('dan').rest.repos.getContent({
    ...setting.repo,
    path: overlayPath('dev'),
  });
  await setting.as('dan').rest.repos.createOrUpdateFileContents({
    ...setting.repo,
    path: overlayPath('dev'),
    content: blob,
    sha: 'sha' in old ? old.sha : '',
    message: 'Long ago',
    committer: { name: 'dan', email: 'dan@example.com', date: '2020-01-01T00:00:00Z' },
    author: { name: 'dan', email: 'dan@example.com', date: '2020-01-01T00:00:00Z' },
  });
  await setting.settle();
  const { headSha } = await setting.open('prod');
  const check = await setting.check(headSha);
  expect(check).toMatchObject({ state: 'in_progress', title: 'Waiting: soak' });
  expect(check.summary).toContain(
    'in dev since Mon 2026-11-23 10:00 UTC; 1d are over Tue 2026-11-24 10:00 UTC',
  );
  expect(setting.world.outcomeOf('acme/gitops')?.plan.lookAgainMs).toBe(24 * HOUR_MS);
  await goTo(START_MS + 24 * HOUR_MS - 1000);
  expect(await prodTag()).toBe('v1');
  await goTo(START_MS + 24 * HOUR_MS);
  expect(await prodTag()).toBe('v2');
});

test('the clock starts anew when the release was away in between, even if nobody was looking', async () => {
  await start('      - soak: 24h\n');
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { pull } = await setting.open('prod');
  await setting.world.stopApp();
  setting.world.sandbox.clock.set(START_MS + 20 * HOUR_MS);
  await setting.write(overlayPath('dev'), overlay('v3'));
  await setting.write(overlayPath('dev'), overlay('v2'));
  await goTo(START_MS + 25 * HOUR_MS);
  expect(await prodTag()).toBe('v1');
  const open = await setting.open('prod');
  expect(open.pull).toBe(pull);
  expect((await setting.check(open.headSha)).summary).toContain('in dev since Tue 2026-11-24 06:00 UTC');
  // What else changes there is no reason to wait longer.
  await setting.write(overlayPath('dev'), overlay('v2', 5));
  await goTo(START_MS + 44 * HOUR_MS);
  expect(await prodTag()).toBe('v2');
});

test('a release that its environment reports unhealthy stays, and the next one starts its own clock', async () => {
  await start(
    "      - health: { status: 'argocd/{from}/{app}', by: ann }\n      - soak: { for: 2h, since: healthy }\n",
  );
  const context = 'argocd/dev/checkout';
  await setting.write(overlayPath('dev'), overlay('v2'));
  const bad = await tip();
  const promotion = await setting.open('prod');
  expect(await setting.check(promotion.headSha)).toMatchObject({ title: 'Waiting: health, soak' });

  await setting
    .as('dan')
    .rest.repos.createCommitStatus({ ...setting.repo, sha: bad, state: 'success', context });
  await setting.settle();
  expect(await setting.check(promotion.headSha)).toMatchObject({ title: 'Waiting: health, soak' });
  await report('failure', bad, context);
  const failed = await setting.check(promotion.headSha);
  expect(failed).toMatchObject({ state: 'failure', title: 'Failed: health' });
  expect(failed.summary).toContain('dev reports the release unhealthy');

  await goTo(START_MS + HOUR_MS / 2);
  await setting.write(overlayPath('dev'), overlay('v3'));
  const good = await tip();
  await report('success', good, context);
  const healthy = await setting.check((await setting.open('prod')).headSha);
  expect(healthy.summary).toContain(
    'healthy in dev since Mon 2026-11-23 10:30 UTC; 2h are over Mon 2026-11-23 12:30',
  );
  // A later state of the branch still holds the release.
  await setting.write('README.md', 'more');
  await report('failure', await tip(), context);
  await goTo(START_MS + 3 * HOUR_MS);
  expect(await prodTag()).toBe('v1');
  await report('success', await tip(), context);
  await goTo(START_MS + 4 * HOUR_MS);
  expect(await prodTag()).toBe('v1');
  await goTo(START_MS + 5 * HOUR_MS);
  expect(await prodTag()).toBe('v3');
});

test('a deployment of the release reports its health', async () => {
  await start("      - health: { deployment: '{from}' }\n");
  await setting.write(overlayPath('dev'), overlay('v2'));
  const octokit = setting.as('ann');
  const made = await octokit.rest.repos.createDeployment({
    ...setting.repo,
    ref: await tip(),
    environment: 'dev',
    auto_merge: false,
    required_contexts: [],
  });
  if (made.status !== 201) throw new Error('no deployment');
  const promotion = await setting.open('prod');
  const say = async (state: 'in_progress' | 'success') => {
    await octokit.rest.repos.createDeploymentStatus({ ...setting.repo, deployment_id: made.data.id, state });
    await setting.settle();
  };
  await say('in_progress');
  expect((await setting.check(promotion.headSha)).summary).toContain('dev is not done with the release');
  await say('success');
  expect(await prodTag()).toBe('v2');
});

test('when GitHub does not tell of the activity, the gate waits and says so', async () => {
  await start('      - soak: 1s\n');
  setting.world.sandbox.faults.add({
    call: { path: /\/activity/ },
    times: Number.POSITIVE_INFINITY,
    effect: { kind: 'answer', status: 404 },
  });
  await setting.write(overlayPath('dev'), overlay('v2'));
  const check = await setting.check((await setting.open('prod')).headSha);
  expect(check).toMatchObject({ state: 'in_progress', title: 'Waiting: soak' });
  expect(check.summary).toContain('the activity of the default branch could not be read');
});
