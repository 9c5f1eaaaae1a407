import { afterEach, describe, expect, test } from '@jest/globals';
import { runGit } from '../../src/cli/demo/verify.ts';
import { fork } from '../sandbox/collaboration-world.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

function files(gates: string): Record<string, string> {
  return {
    '.github/sluice.yml': config(`  dev:\n  prod:\n    from: dev\n    gates:\n${gates}`),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  };
}

/** Dan releases v2 to dev, so that he is the author of what the promotion to prod carries. */
async function release(gates: string, tag = 'v2') {
  setting = await makeSetting(files(gates));
  await setting.write(overlayPath('dev'), overlay(tag), 'dan');
  return setting.open('prod');
}

describe('approvals', () => {
  const gates = '      - approvals: 1\n';
  const state = async (sha: string) => setting.check(sha);

  test('by the author of the change do not count; by another writer they do', async () => {
    const { pull, headSha } = await release(gates);
    expect(await state(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: approvals' });
    await setting.approve('dan', pull);
    expect(await state(headSha)).toMatchObject({ state: 'in_progress' });
    expect((await state(headSha)).summary).toContain('author of the change');
    await setting.approve('sam', pull);
    expect(await state(headSha)).toMatchObject({ state: 'success' });
  });

  test('by an outsider do not count', async () => {
    const { pull, headSha } = await release(gates);
    await setting.approve('eve', pull);
    expect(await state(headSha)).toMatchObject({ state: 'in_progress' });
    expect((await state(headSha)).summary).toContain('no write access');
  });

  test('of an older head do not count', async () => {
    const { pull, headSha } = await release(gates);
    await setting.approve('sam', pull);
    expect((await state(headSha)).state).toBe('success');
    await setting.write(overlayPath('dev'), overlay('v3'), 'dan');
    const moved = await setting.open('prod');
    expect(moved.pull).toBe(pull);
    expect((await state(moved.headSha)).state).toBe('in_progress');
    await setting.write('README.md', 'look again\n');
    expect((await state(moved.headSha)).summary).toContain('not to the current head');
  });

  test('count only from the team that is named, and requested changes hold everything', async () => {
    const { pull, headSha } = await release('      - approvals: { count: 1, from: ["team:acme/sre"] }\n');
    await setting.approve('ann', pull);
    expect((await state(headSha)).summary).toContain('not among those who may approve');
    await setting.approve('sam', pull);
    expect((await state(headSha)).state).toBe('success');
    await setting
      .as('sue')
      .rest.pulls.createReview({ ...setting.repo, pull_number: pull, event: 'REQUEST_CHANGES', body: 'No' });
    await setting.settle();
    expect((await state(headSha)).state).toBe('failure');
  });

  test('of code owners follow the last pattern that matches', async () => {
    setting = await makeSetting({
      ...files('      - approvals: { count: 1, from: [codeowners] }\n'),
      CODEOWNERS: '* @ann\n/apps/checkout/overlays/prod/ @acme/sre\n',
    });
    await setting.write(overlayPath('dev'), overlay('v2'), 'dan');
    const { pull, headSha } = await setting.open('prod');
    await setting.approve('ann', pull);
    expect((await state(headSha)).state).toBe('in_progress');
    await setting.approve('sue', pull);
    expect((await state(headSha)).state).toBe('success');
  });
});

describe('checks', () => {
  test('on the promotion wait, fail and pass with what is reported on its head', async () => {
    const { headSha } = await release('      - checks: [ci/smoke]\n');
    const report = async (state: 'failure' | 'success') => {
      await setting
        .as('dan')
        .rest.repos.createCommitStatus({ ...setting.repo, sha: headSha, context: 'ci/smoke', state });
      await setting.settle();
      return setting.check(headSha);
    };
    expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress' });
    expect(await report('failure')).toMatchObject({ state: 'failure', title: 'Failed: checks' });
    expect(await report('success')).toMatchObject({ state: 'success' });
  });

  test('on the source look at the commit that brought the release into the source environment', async () => {
    const { headSha } = await release('      - checks: { on: source, names: [ci/build] }\n');
    const { data } = await setting
      .as('ann')
      .rest.repos.listCommits({ ...setting.repo, path: overlayPath('dev'), per_page: 1 });
    await setting.write('README.md', 'a later commit\n');
    expect((await setting.check(headSha)).summary).toContain('has not been reported');
    const status = { ...setting.repo, sha: data[0]!.sha, context: 'ci/build', state: 'success' as const };
    await setting.as('dan').rest.repos.createCommitStatus(status);
    await setting.settle();
    expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  });
});

describe('pull requests that are no promotions', () => {
  async function propose(path: string, text: string, branch: string, login = 'dan') {
    const sdk = setting.as(login).rest;
    const { data } = await sdk.git.getRef({ ...setting.repo, ref: 'heads/main' });
    await sdk.git.createRef({ ...setting.repo, ref: `refs/heads/${branch}`, sha: data.object.sha });
    const content = Buffer.from(text).toString('base64');
    const found = await sdk.repos.getContent({ ...setting.repo, path }).catch(() => null);
    const sha = found && !Array.isArray(found.data) ? found.data.sha : undefined;
    await sdk.repos.createOrUpdateFileContents({
      ...setting.repo,
      path,
      branch,
      content,
      sha,
      message: 'Change',
    });
    const body =
      'Sluice-Application: checkout\nSluice-To: prod\n<!-- sluice:fingerprint 0000000000000000 -->';
    const pull = await sdk.pulls.create({
      ...setting.repo,
      title: 'Promote checkout v2 to prod',
      body,
      head: branch,
      base: 'main',
    });
    await setting.settle();
    return pull.data;
  }

  test('pass at once, whatever marks they carry', async () => {
    setting = await makeSetting(files('      - manual\n'));
    const { head } = await propose('README.md', 'hello\n', 'mine');
    expect(await setting.check(head.sha)).toMatchObject({ state: 'success', title: 'Not a promotion' });
  });

  test('pass from a fork too', async () => {
    setting = await makeSetting(files('      - manual\n'));
    const copy = await fork(setting.world.sandbox, setting.gitops, 'eve');
    await runGit(copy.gitDir, ['fetch', '-q', '--force', setting.gitops.gitDir, 'main:main']);
    const content = Buffer.from('from outside\n').toString('base64');
    const sdk = setting.as('eve').rest;
    const file = { owner: 'eve', repo: 'gitops', path: 'FORK.md', content, message: 'From outside' };
    await sdk.repos.createOrUpdateFileContents(file);
    const pull = await sdk.pulls.create({ ...setting.repo, title: 'Fork', head: 'eve:main', base: 'main' });
    await setting.settle();
    expect(await setting.check(pull.data.head.sha)).toMatchObject({
      state: 'success',
      title: 'Not a promotion',
    });
  });

  test('cannot lend a green check to the head of a promotion', async () => {
    const { headSha } = await release('      - manual\n');
    const sdk = setting.as('dan').rest;
    await sdk.git.createRef({ ...setting.repo, ref: 'refs/heads/alias', sha: headSha });
    await sdk.pulls.create({ ...setting.repo, title: 'The same head', head: 'alias', base: 'main' });
    await setting.settle();
    expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress' });
  });

  test('that break the config are told the line, and nothing else is done', async () => {
    setting = await makeSetting(files('      - manual\n'));
    const broken = files('      - manual\n')['.github/sluice.yml']!.replace('from: dev', 'form: dev');
    const { head } = await propose('.github/sluice.yml', broken, 'config');
    const check = await setting.check(head.sha);
    expect(check).toMatchObject({ state: 'failure', title: '1 problem in .github/sluice.yml, line 5' });
    expect(check.summary).toContain('did you mean "from"');
    expect(check.annotations).toBe(1);
    expect(await setting.promotions()).toEqual([]);
  });
});

test('the pull request that brings the first config is told whether it is valid', async () => {
  setting = await makeSetting({ 'README.md': 'new here\n' });
  const sdk = setting.as('dan').rest;
  const { data } = await sdk.git.getRef({ ...setting.repo, ref: 'heads/main' });
  await sdk.git.createRef({ ...setting.repo, ref: 'refs/heads/first', sha: data.object.sha });
  const content = Buffer.from('path: apps/{app}\n').toString('base64');
  const file = { ...setting.repo, path: '.github/sluice.yml', branch: 'first', content, message: 'Config' };
  await sdk.repos.createOrUpdateFileContents(file);
  const pull = await sdk.pulls.create({ ...setting.repo, title: 'Config', head: 'first', base: 'main' });
  await setting.settle();
  expect(await setting.check(pull.data.head.sha)).toMatchObject({ state: 'failure' });
});

test('a fact that GitHub does not give makes its gate wait, and holds up nothing else', async () => {
  setting = await makeSetting(files('      - approvals: { count: 1, from: ["team:acme/sre"] }\n'), {
    beforeCall: ({ url }) => {
      if (url.includes('/memberships/')) throw new Error('Resource not accessible by integration');
    },
  });
  await setting.write(overlayPath('dev'), overlay('v2'), 'dan');
  const { pull, headSha } = await setting.open('prod');
  await setting.approve('sam', pull);
  const check = await setting.check(headSha);
  expect(check.state).toBe('in_progress');
  expect(check.summary).toContain('who reviewed could not be read (Resource not accessible by integration)');
});

test('a broken config takes a verdict back that cannot be read just then', async () => {
  let hasFailed = false;
  setting = await makeSetting(files('      - approvals: { count: 1, from: [write], allow-author: true }\n'), {
    beforeCall: ({ method, url }) => {
      if (hasFailed || method !== 'GET' || !url.endsWith('/pulls/{pull_number}')) return;
      hasFailed = true;
      throw new Error('Bad gateway');
    },
  });
  hasFailed = true;
  await setting.write(overlayPath('dev'), overlay('v2'), 'dan');
  const { pull, headSha } = await setting.open('prod');
  await setting.approve('sam', pull);
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  hasFailed = false;
  await setting.write('.github/sluice.yml', 'environments: [oops\n', 'ann');
  expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress' });
  expect(setting.world.outcomeOf('acme/gitops')?.plan.lookAgainMs).toBe(60_000);
});

test('a broken config on the default branch promotes nothing, holds what is open, and lets the cure through', async () => {
  const { headSha } = await release('      - approvals: 1\n');
  const good = files('      - approvals: 1\n')['.github/sluice.yml']!;
  await setting.write('.github/sluice.yml', good.replace('environments:', 'enviroments:'));
  expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: config' });
  const before = (await setting.promotions()).length;
  await setting.write(overlayPath('dev'), overlay('v9'));
  expect((await setting.promotions()).length).toBe(before);
  const { data } = await setting
    .as('ann')
    .rest.checks.listForRef({ ...setting.repo, ref: 'main', check_name: 'sluice/config' });
  expect(data.check_runs[0]).toMatchObject({ conclusion: 'failure' });
  await setting.write('.github/sluice.yml', good);
  expect((await setting.open('prod')).release).toBe('v9');
});
