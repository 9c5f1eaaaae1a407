import { afterEach, expect, test } from '@jest/globals';
import { memoryStorage } from '../queue/memory-queue.ts';
import { config, makeSetting, overlay, overlayPath, type Setting, type SettingOptions } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const source = { owner: 'acme', repo: 'checkout' };

const DISPATCHED = config(
  '  dev:\n  prod:\n    from: dev\n    gates: [manual]\n',
  'sources:\n  - application: checkout\n    repository: acme/checkout\n    on: dispatch\n    type: built\n    tag: "{payload.tag}"\n',
);

async function start(text = DISPATCHED, options: SettingOptions = {}) {
  const files = {
    '.github/sluice.yml': text,
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  };
  setting = await makeSetting(files, options);
  await setting.world.sandbox.addRepository({
    owner: 'acme',
    name: 'checkout',
    files: { 'README.md': '# checkout\n' },
    collaborators: { ann: 'admin', dan: 'write' },
  });
  await setting.sweep();
}

async function dispatch(tag: string) {
  await setting
    .as('dan')
    .rest.repos.createDispatchEvent({ ...source, event_type: 'built', client_payload: { tag } });
  await setting.settle();
}

/** The app cannot be reached from outside, so that GitHub logs a failure. */
const cutOff = () =>
  setting.world.sandbox.faults.add({ delivery: {}, effect: { kind: 'reset', when: 'before' } });

const calls = (path: string) => setting.world.sandbox.calls.filter((each) => each.path.includes(path)).length;

test('a dispatch is taken from the log of what GitHub could not deliver, once', async () => {
  await start();
  const away = cutOff();
  await dispatch('v2');
  expect(await setting.promotions()).toEqual([]);
  away.remove();
  await setting.sweep();
  const { pull, release } = await setting.open('dev');
  expect(release).toBe('v2');
  const read = calls('/app/hook/deliveries/');
  await setting.as('dan').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
  await setting.sweep();
  expect(calls('/app/hook/deliveries/')).toBe(read);
});

test('a dispatch never replaces what was told after it', async () => {
  await start();
  const away = cutOff();
  await dispatch('v3');
  away.remove();
  setting.world.sandbox.clock.advance(2_000);
  await dispatch('v2');
  await setting.sweep();
  expect((await setting.open('dev')).release).toBe('v2');
});

test('a dispatch is found when the app was away, and not when somebody had GitHub try again', async () => {
  await start();
  await setting.world.stopApp();
  await dispatch('v2');
  await setting.world.startApp();
  await setting.settle();
  const { pull } = await setting.open('dev');
  await setting.merge('ann', pull);
  const away = cutOff();
  await dispatch('v3');
  away.remove();
  const failed = setting.world.sandbox.deliveries.findLast(({ event }) => event === 'repository_dispatch')!;
  const { context, state: github } = setting.world.sandbox;
  context.redeliver(github.apps.get(setting.world.appId)!, failed);
  await setting.settle();
  const read = calls('/app/hook/deliveries/');
  await setting.sweep();
  expect((await setting.open('dev')).release).toBe('v3');
  expect(calls('/app/hook/deliveries/')).toBe(read);
});

test('a button that was pressed meanwhile does what it says', async () => {
  await start(config('  dev:\n  prod:\n    from: dev\n    gates: [{ checks: [ci/smoke] }]\n'));
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { headSha } = await setting.open('prod');
  await setting.as('ann').rest.repos.createCommitStatus({
    ...setting.repo,
    sha: headSha,
    state: 'failure',
    context: 'ci/smoke',
  });
  await setting.settle();
  const away = cutOff();
  const run = [...setting.gitops.checkRuns.values()].findLast(({ name }) => name === 'sluice/gates')!;
  const press = { checkRunId: run.id, identifier: 'pass:checks', login: 'ann' };
  setting.world.sandbox.pressButton(setting.gitops, press);
  await setting.settle();
  away.remove();
  await setting.sweep();
  expect((await setting.check(headSha)).state).toBe('success');
});

test('a promotion that was merged while the app was away leaves no branch', async () => {
  await start(config('  dev:\n  prod:\n    from: dev\n'));
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { pull } = await setting.open('prod');
  const branches = async () =>
    (await setting.as('ann').rest.repos.listBranches(setting.repo)).data.map(({ name }) => name);
  await setting.world.stopApp();
  await setting.merge('ann', pull);
  expect(await branches()).toContain('sluice/checkout/prod');
  await setting.world.startApp();
  await setting.settle();
  expect(await branches()).toEqual(['main']);
});

describe('a dispatch that came while the config was broken', () => {
  const BROKEN = 'environments: [';
  const mend = () => setting.write('.github/sluice.yml', DISPATCHED);

  test('is promoted when the config is mended after a restart', async () => {
    await start(BROKEN);
    await dispatch('v2');
    await setting.world.stopApp();
    await setting.world.startApp();
    await mend();
    expect((await setting.open('dev')).release).toBe('v2');
  });

  test('is promoted although the database was lost', async () => {
    await start(BROKEN, { storage: (log) => memoryStorage()(log) });
    await dispatch('v1.5');
    await dispatch('v2');
    await setting.world.stopApp();
    await setting.world.startApp();
    await setting.settle();
    await mend();
    expect((await setting.open('dev')).release).toBe('v2');
  });
});
