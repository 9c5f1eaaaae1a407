import { afterEach, expect, test } from '@jest/globals';
import type { Repository } from '../../src/sandbox/state.ts';
import { completeWorkflowRun } from '../../src/sandbox/workflow-runs.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;
let source: Repository;

afterEach(async () => setting.world.stop());

async function start(lines: string) {
  const indented = lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  setting = await makeSetting({
    '.github/sluice.yml': config(
      '  dev:\n',
      `sources:\n  - application: checkout\n    repository: acme/checkout\n${indented}\n`,
    ),
    [overlayPath('dev')]: overlay('v1'),
  });
  const collaborators = { ann: 'admin', dan: 'write' } as const;
  source = await setting.world.sandbox.addRepository({
    owner: 'acme',
    name: 'checkout',
    files: { 'README.md': '# checkout\n' },
    collaborators,
  });
  await setting.settle();
}

const repo = { owner: 'acme', repo: 'checkout' };
const tip = async () => (await setting.as('ann').rest.repos.getCommit({ ...repo, ref: 'main' })).data.sha;

test('a workflow run that succeeded on the default branch brings its commit to the first environment', async () => {
  await start('workflow: build.yml\ntag: "{short_sha}"');
  const headSha = await tip();
  const workflow = { name: 'build', path: '.github/workflows/build.yml' };
  const run = { workflow, headSha, headBranch: 'main', event: 'push', actor: 'dan' };
  await completeWorkflowRun(setting.world.sandbox.context, source, { ...run, conclusion: 'failure' });
  await setting.settle();
  expect(await setting.promotions()).toEqual([]);
  await completeWorkflowRun(setting.world.sandbox.context, source, { ...run, conclusion: 'success' });
  await setting.settle();
  const { title, pull } = await setting.open('dev');
  expect(title).toBe(`Promote checkout ${headSha.slice(0, 7)} to dev`);
  const { data } = await setting.as('ann').rest.pulls.get({ ...setting.repo, pull_number: pull });
  expect(data.body).toContain('workflow build of acme/checkout');
});

test('a commit status of another CI counts as a build', async () => {
  await start('on: status\ncontext: jenkins/build\ntag: "{sha}"');
  const sha = await tip();
  await setting
    .as('dan')
    .rest.repos.createCommitStatus({ ...repo, sha, context: 'jenkins/build', state: 'success' });
  await setting.settle();
  await setting.merge('ann', (await setting.open('dev')).pull);
  expect(await setting.read(overlayPath('dev'))).toContain(`newTag: ${/^\d+$/.test(sha) ? `"${sha}"` : sha}`);
});

test('a dispatch tells the tag itself; a hostile one is refused', async () => {
  await start('on: dispatch\ntype: image-published\ntag: "{payload.tag}"');
  const dispatch = async (tag: string) => {
    await setting
      .as('dan')
      .rest.repos.createDispatchEvent({ ...repo, event_type: 'image-published', client_payload: { tag } });
    await setting.settle();
  };
  await dispatch('v2\nnewName: evil');
  expect(await setting.promotions()).toEqual([]);
  await dispatch('v2');
  expect((await setting.open('dev')).release).toBe('v2');
  await dispatch('v3');
  expect((await setting.open('dev')).release).toBe('v3');
});

test('a release that was published while Sluice was away is found by looking', async () => {
  await start('on: release');
  await setting.world.stopApp();
  await setting.as('dan').rest.repos.createRelease({ ...repo, tag_name: 'v2.0.0', target_commitish: 'main' });
  await setting.world.startApp();
  await setting.settle();
  expect((await setting.open('dev')).release).toBe('v2.0.0');
});
