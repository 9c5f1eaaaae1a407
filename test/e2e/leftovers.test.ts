import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runGit } from '../../src/cli/demo/verify.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

const BRANCH = 'sluice/checkout/prod';
let setting: Setting;

beforeEach(async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n'),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
});
afterEach(async () => setting.world.stop());

async function branches(): Promise<string[]> {
  const listed = await runGit(setting.gitops.gitDir, [
    'for-each-ref',
    '--format=%(refname:lstrip=2)',
    'refs/heads',
  ]);
  return listed
    .trim()
    .split('\n')
    .filter((name) => name !== 'main');
}

test('the branch of a merged promotion that nobody deleted goes with the next sweep', async () => {
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { pull } = await setting.open('prod');
  const unmute = setting.muteWebhooks();
  await setting.merge('ann', pull);
  expect(await branches()).toEqual([BRANCH]);
  unmute();
  await setting.sweep();
  expect(await branches()).toEqual([]);
});

test('the branch of a promotion that Sluice closed goes with the next sweep', async () => {
  await setting.write(overlayPath('dev'), overlay('v2'));
  // As by a process that died right before.
  setting.world.sandbox.faults.add({
    call: { method: 'DELETE', path: /\/git\/refs/ },
    nth: 1,
    effect: { kind: 'answer', status: 500 },
  });
  await setting.write(overlayPath('dev'), overlay('v1'));
  expect(await branches()).toEqual([BRANCH]);
  await setting.sweep();
  expect(await branches()).toEqual([]);
});

test('a branch that never had a pull request goes once nothing is due for it', async () => {
  const { sandbox } = setting.world;
  const refused = sandbox.faults.add({
    call: { method: 'POST', path: /\/pulls$/ },
    effect: { kind: 'answer', status: 422 },
  });
  await setting.write(overlayPath('dev'), overlay('v2'));
  await setting.sweep();
  expect(await branches()).toEqual([BRANCH]);
  refused.remove();
  await setting.write(overlayPath('dev'), overlay('v1'));
  await setting.sweep();
  expect(await branches()).toEqual([]);
  expect(await setting.promotions()).toEqual([]);
});

test('what a person closed, pushed to or made stays, and so does what is open', async () => {
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { pull } = await setting.open('prod');
  await setting.sweep();
  expect(await branches()).toEqual([BRANCH]);
  const dan = setting.as('dan').rest;
  await dan.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
  await setting.write(overlayPath('dev'), overlay('v1'));
  await setting.sweep();
  expect(await branches()).toEqual([BRANCH]);

  const { data } = await dan.git.getRef({ ...setting.repo, ref: 'heads/main' });
  const ref = 'refs/heads/sluice/checkout/mine';
  await dan.git.createRef({ ...setting.repo, ref, sha: data.object.sha });
  const content = Buffer.from('mine').toString('base64');
  await dan.repos.createOrUpdateFileContents({
    ...setting.repo,
    path: 'notes.md',
    message: 'On top of what Sluice made',
    content,
    branch: BRANCH,
  });
  await setting.sweep();
  expect(await branches()).toEqual(['sluice/checkout/mine', BRANCH]);
});
