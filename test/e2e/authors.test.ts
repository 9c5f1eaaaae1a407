import { afterEach, describe, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const two = (a: string, b: string) =>
  `images:\n  - name: ghcr.io/acme/a\n    newTag: ${a}\n  - name: ghcr.io/acme/b\n    newTag: ${b}\n`;
const gated = (name: string, from: string) =>
  `  ${name}:\n    from: ${from}\n    gates:\n      - approvals: 1\n`;

/** Approves, and gives what `sluice/gates` says then. */
async function approvedBy(login: string, to = 'prod') {
  const { pull, headSha } = await setting.open(to);
  await setting.approve(login, pull);
  return setting.check(headSha);
}

/** Changes a file through a pull request whose commits are by `authors`, opened by the first and merged by ann. */
async function proposeAndMerge(path: string, texts: readonly string[], authors: readonly string[]) {
  const [opener] = authors as [string];
  const main = await setting.as('ann').rest.git.getRef({ ...setting.repo, ref: 'heads/main' });
  const branch = `change-${main.data.object.sha.slice(0, 7)}`;
  await setting
    .as(opener)
    .rest.git.createRef({ ...setting.repo, ref: `refs/heads/${branch}`, sha: main.data.object.sha });
  for (const [index, text] of texts.entries()) {
    const sdk = setting.as(authors[index] ?? opener).rest.repos;
    const { data } = await sdk.getContent({ ...setting.repo, path, ref: branch });
    const content = Buffer.from(text).toString('base64');
    const sha = Array.isArray(data) ? undefined : data.sha;
    await sdk.createOrUpdateFileContents({ ...setting.repo, path, branch, content, sha, message: 'Change' });
  }
  const { data } = await setting
    .as(opener)
    .rest.pulls.create({ ...setting.repo, title: 'A change', head: branch, base: 'main' });
  await setting.settle();
  await setting.merge('ann', data.number);
}

describe('authors of a promotion are all who wrote what it carries', () => {
  async function start(environments: string, names: readonly string[]) {
    const overlays = names.map((name) => [overlayPath(name), two('v1', 'v1')]);
    setting = await makeSetting({
      '.github/sluice.yml': config(environments),
      ...Object.fromEntries(overlays),
    });
  }

  test('in one commit after the other', async () => {
    await start(`  dev:\n${gated('prod', 'dev')}`, ['dev', 'prod']);
    await setting.write(overlayPath('dev'), two('v2', 'v1'), 'dan');
    await setting.write(overlayPath('dev'), two('v2', 'v2'), 'ann');
    expect((await approvedBy('dan')).summary).toContain("dan's does not count: author of the change");
    expect((await approvedBy('ann')).summary).toContain("ann's does not count: author of the change");
    expect((await approvedBy('sam')).state).toBe('success');
  });

  test('but not those whose value was replaced since', async () => {
    await start(`  dev:\n${gated('prod', 'dev')}`, ['dev', 'prod']);
    await setting.write(overlayPath('dev'), two('v2', 'v1'), 'dan');
    await setting.write(overlayPath('dev'), two('v3', 'v1'), 'ann');
    expect((await approvedBy('dan')).state).toBe('success');
  });

  test('in a pull request with the commits of several', async () => {
    await start(`  dev:\n${gated('prod', 'dev')}`, ['dev', 'prod']);
    await proposeAndMerge(overlayPath('dev'), [two('v2', 'v1'), two('v2', 'v2')], ['sue', 'dan']);
    expect((await approvedBy('dan')).state).toBe('in_progress');
    expect((await approvedBy('sue')).state).toBe('in_progress');
    expect((await approvedBy('sam')).state).toBe('success');
  });

  test('also through the environments in between', async () => {
    await start(`  dev:\n  staging:\n    from: dev\n${gated('prod', 'staging')}`, ['dev', 'staging', 'prod']);
    await setting.write(overlayPath('dev'), two('v2', 'v1'), 'dan');
    await setting.merge('ann', (await setting.open('staging')).pull);
    await setting.write(overlayPath('dev'), two('v2', 'v2'), 'sue');
    await setting.merge('ann', (await setting.open('staging')).pull);
    expect((await approvedBy('dan')).state).toBe('in_progress');
    expect((await approvedBy('sue')).summary).toContain("dan's does not count");
    expect((await approvedBy('sam')).state).toBe('success');
  });

  test('of a whole file, back to what the next environment holds', async () => {
    const path = (name: string) => overlayPath(name).replace('kustomization.yaml', 'job.yaml');
    setting = await makeSetting({
      '.github/sluice.yml': config(`  dev:\n${gated('prod', 'dev')}`, 'promote:\n  - files: "*.yaml"\n'),
      [path('dev')]: 'kind: Job\n',
      [path('prod')]: 'kind: Job\n',
    });
    await setting.write(path('dev'), 'kind: Job # dan\n', 'dan');
    await setting.write(path('dev'), 'kind: Job # dan, ann\n', 'ann');
    expect((await approvedBy('dan')).summary).toContain("dan's does not count: author of the change");
    expect((await approvedBy('sam')).state).toBe('success');
  });

  test('of a value in each file that holds it', async () => {
    const second = overlayPath('dev').replace('kustomization.yaml', 'more/kustomization.yaml');
    setting = await makeSetting({
      '.github/sluice.yml': config(`  dev:\n${gated('prod', 'dev')}`),
      [overlayPath('dev')]: overlay('v1'),
      [second]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1'),
    });
    await setting.write(overlayPath('dev'), overlay('v2'), 'dan');
    await setting.write(second, overlay('v2'), 'ann');
    expect((await approvedBy('dan')).summary).toContain("dan's does not count: author of the change");
    expect((await approvedBy('sam')).state).toBe('success');
  });

  test('and one who cannot be told makes the gate wait, whoever approved', async () => {
    await start(`  dev:\n${gated('prod', 'dev')}`, ['dev', 'prod']);
    await setting.write(overlayPath('dev'), two('v2', 'v1'), 'dan');
    const nobody = { name: 'Nobody', email: 'nobody@elsewhere.example' };
    await setting.write(overlayPath('dev'), two('v2', 'v2'), 'dan', nobody);
    const check = await approvedBy('sam');
    expect(check.state).toBe('in_progress');
    expect(check.summary).toContain('who wrote the change is not known for sure');
  });
});

test('whoever asked for a release does not count for it after the button Update branch either', async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config(
      '  dev:\n  prod:\n    from: dev\n    gates:\n      - approvals: { count: 1, from: [write], allow-author: true }\n',
    ),
    [overlayPath('dev')]: overlay('v2'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
  const { pull } = await setting.open('prod');
  await setting.comment('sam', pull, '/promote');
  expect((await approvedBy('sam')).summary).toContain('asked for this promotion');
  await setting.write('README.md', 'something else\n');
  await setting.as('sam').rest.pulls.updateBranch({ ...setting.repo, pull_number: pull });
  await setting.settle();
  expect((await approvedBy('sam')).summary).toContain('asked for this promotion');
  expect((await approvedBy('sue')).state).toBe('success');
});

test('whoever pressed the button Update branch does not count for the release that it carries', async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config(`  dev:\n${gated('prod', 'dev')}`),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
  await setting.write(overlayPath('dev'), overlay('v2'), 'dan');
  const { pull, headSha } = await setting.open('prod');
  await setting.write('README.md', 'something else\n', 'ann');
  await setting.as('sam').rest.pulls.updateBranch({ ...setting.repo, pull_number: pull });
  await setting.settle();
  expect((await setting.open('prod')).headSha).not.toBe(headSha);
  expect((await approvedBy('sam')).summary).toContain('sam\'s does not count: pressed "Update branch"');
  expect((await approvedBy('sue')).state).toBe('success');
});

test('whoever asked for a release does not count for it, even when its promotion is made anew', async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config(`  dev:\n${gated('prod', 'dev')}`),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
  await setting.write(overlayPath('dev'), overlay('v2'), 'ann');
  const { pull } = await setting.open('prod');
  await setting.as('sue').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
  await setting.comment('dan', pull, '/promote');
  const asked = await setting.open('prod');
  expect((await approvedBy('dan')).summary).toContain('asked for this promotion');
  // The same line moves in the target: the promotion conflicts, and sue's word makes it anew.
  const unmute = setting.muteWebhooks();
  await setting.write(overlayPath('prod'), overlay('v1.1', 3), 'sam');
  unmute();
  await setting.comment('sue', asked.pull, '/promote');
  const anew = await setting.open('prod');
  expect(anew.headSha).not.toBe(asked.headSha);
  expect((await approvedBy('dan')).summary).toContain("dan's does not count: asked for this promotion");
  expect((await approvedBy('sue')).summary).toContain("sue's does not count: asked for this promotion");
  expect((await approvedBy('sam')).state).toBe('success');
});
