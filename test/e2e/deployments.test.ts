import { afterEach, expect, test } from '@jest/globals';
import { runGit } from '../../src/cli/demo/verify.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

const MINUTE_MS = 60_000;

let setting: Setting;

afterEach(async () => setting.world.stop());

const CART = (environment: string) => overlayPath(environment).replace('checkout', 'cart');

/** dev -> prod, which takes all by itself, and tells GitHub of it. */
async function start(terms: string, prod = '') {
  setting = await makeSetting({
    '.github/sluice.yml': config(
      `  dev:\n  prod:\n    from: dev\n    auto-merge: true\n    deployments: ${terms}\n${prod}`,
    ),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
    [CART('dev')]: overlay('v1').replace('checkout', 'cart'),
    [CART('prod')]: overlay('v1').replace('checkout', 'cart'),
  });
}

/** Over an hour ahead the token that the app keeps is too old, as it would be renewed by then. */
async function goTo(nowMs: number) {
  await setting.world.stopApp();
  setting.world.sandbox.clock.set(nowMs);
  await setting.world.startApp();
  await setting.world.settle();
}

const release = (tag: string) => setting.write(overlayPath('dev'), overlay(tag));

async function report(context: string, state: 'success' | 'failure' | 'pending', login = 'dan') {
  const sha = (await runGit(setting.gitops.gitDir, ['rev-parse', 'refs/heads/main'])).trim();
  await setting.as(login).rest.repos.createCommitStatus({ ...setting.repo, sha, state, context });
  await setting.settle();
}

/** What the Environments tab shows: of each deployment, oldest first, what was said of it. */
async function tab() {
  const { rest } = setting.as('eve');
  const { data } = await rest.repos.listDeployments({ ...setting.repo, per_page: 100 });
  const told = data.reverse().map(async ({ id, environment, description, creator, sha }) => {
    const { data: statuses } = await rest.repos.listDeploymentStatuses({
      ...setting.repo,
      deployment_id: id,
    });
    const states = statuses.reverse().map(({ state }) => state);
    return { environment, description, by: creator?.login, sha, states, last: statuses.at(-1)! };
  });
  return Promise.all(told);
}

const brief = async () =>
  (await tab()).map(({ environment, states }) => `${environment}: ${states.join(', ')}`);

test('what merged is a deployment that says what the health of its environment says, and takes over from the last', async () => {
  await start("{ health: { status: 'rollout/{env}/{app}', by: dan } }");
  expect(await tab()).toEqual([]);
  await release('v2');
  const { pull } = (await setting.promotions())[0]!;
  const { data } = await setting.as('eve').rest.pulls.get({ ...setting.repo, pull_number: pull });
  expect(await tab()).toMatchObject([
    {
      environment: 'prod/checkout',
      description: 'checkout v2 in prod',
      by: 'sluice[bot]',
      sha: data.merge_commit_sha,
      states: ['in_progress'],
      last: {
        description: 'merged into prod; rollout/prod/checkout has not reported yet',
        log_url: data.html_url,
      },
    },
  ]);
  await report('rollout/prod/checkout', 'failure', 'sue');
  await report('rollout/prod/checkout', 'pending');
  expect(await brief()).toEqual(['prod/checkout: in_progress']);
  await report('rollout/prod/checkout', 'success');
  await report('rollout/prod/checkout', 'failure');
  await report('rollout/prod/checkout', 'success');
  await setting.sweep();
  expect(await brief()).toEqual(['prod/checkout: in_progress, success, failure, success']);
  await release('v3');
  expect(await brief()).toEqual([
    'prod/checkout: in_progress, success, failure, success',
    'prod/checkout: in_progress',
  ]);
  await report('rollout/prod/checkout', 'success');
  expect(await brief()).toEqual([
    'prod/checkout: in_progress, success, failure, success, inactive',
    'prod/checkout: in_progress, success',
  ]);
});

test('applications that share an environment on GitHub leave each other alone', async () => {
  await start("{ name: '{env}', health: { status: 'rollout/{env}/{app}' } }");
  await release('v2');
  await report('rollout/prod/checkout', 'success');
  await setting.write(CART('dev'), overlay('v2').replace('checkout', 'cart'));
  await report('rollout/prod/cart', 'success');
  expect(await brief()).toEqual(['prod: in_progress, success', 'prod: in_progress, success']);
});

test('what does not become healthy in time is an error, and what reports later is not mirrored', async () => {
  await start("{ health: { status: 'rollout/{env}/{app}' }, within: 30m }");
  const startMs = setting.world.sandbox.clock.now();
  await release('v2');
  await goTo(startMs + 29 * MINUTE_MS);
  expect(await brief()).toEqual(['prod/checkout: in_progress']);
  await goTo(startMs + 32 * MINUTE_MS);
  expect(await brief()).toEqual(['prod/checkout: in_progress, error']);
  await goTo(startMs + 24 * 60 * MINUTE_MS);
  await report('rollout/prod/checkout', 'success');
  expect(await brief()).toEqual(['prod/checkout: in_progress, error']);
});

test('what a release that failed had left active is retired by the next that works; a success stays one', async () => {
  await start("{ health: { status: 'rollout/{env}/{app}' } }");
  await release('v2');
  await report('rollout/prod/checkout', 'success');
  await report('rollout/prod/checkout', 'pending');
  await release('v3');
  await report('rollout/prod/checkout', 'failure');
  await release('v4');
  await report('rollout/prod/checkout', 'success');
  expect(await brief()).toEqual([
    'prod/checkout: in_progress, success, inactive',
    'prod/checkout: in_progress, failure, inactive',
    'prod/checkout: in_progress, success',
  ]);
});

test('an App that may not write deployments yet promotes all the same', async () => {
  await start("{ health: { status: 'rollout/{env}/{app}' } }");
  await setting.world.stopApp();
  for (const installation of setting.world.sandbox.state.installations.values())
    installation.permissions.deployments = 'read';
  await setting.world.startApp();
  await release('v2');
  expect(await setting.read(overlayPath('prod'))).toBe(overlay('v2', 3));
  expect(await tab()).toEqual([]);
});

test('a gate that reads deployments does not take those of Sluice for reports', async () => {
  await start(
    "{ name: 'live-{env}', health: { status: 'rollout/{env}/{app}' } }",
    '  late:\n    from: prod\n    gates:\n      - health: { deployment: live-prod }\n',
  );
  await setting.write(overlayPath('late'), overlay('v1'));
  await release('v2');
  await report('rollout/prod/checkout', 'success');
  expect(await brief()).toEqual(['live-prod: in_progress, success']);
  const { headSha } = await setting.open('late');
  expect((await setting.check(headSha)).title).toBe('Waiting: health');
});
