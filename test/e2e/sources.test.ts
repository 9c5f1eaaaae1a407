import { afterEach, describe, expect, test } from '@jest/globals';
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

async function dispatch(tag: string): Promise<void> {
  await setting
    .as('dan')
    .rest.repos.createDispatchEvent({ ...repo, event_type: 'image-published', client_payload: { tag } });
  await setting.settle();
}

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
  await dispatch('v2\nnewName: evil');
  expect(await setting.promotions()).toEqual([]);
  await dispatch('v2');
  expect((await setting.open('dev')).release).toBe('v2');
  await dispatch('v3');
  expect((await setting.open('dev')).release).toBe('v3');
});

test('a build that a person overtook by hand is not carried on over it', async () => {
  await start('on: dispatch\ntype: image-published\ntag: "{payload.tag}"');
  const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
  await setting.write(overlayPath('dev'), overlay(a), 'ann');
  await dispatch(b);
  const { headSha } = await setting.open('dev');
  await setting.write(overlayPath('dev'), overlay(c), 'ann');
  expect(await setting.open('dev')).toMatchObject({ headSha, release: b.slice(0, 7) });
  expect((await setting.check(headSha)).summary).toContain('conflicts with the default branch');
});

test('a build whose image the target calls by another name now is not given up', async () => {
  await start('on: dispatch\ntype: image-published\ntag: "{payload.tag}"');
  await dispatch('v2');
  const { pull } = await setting.open('dev');
  const renamed = overlay('v1').replace('ghcr.io/acme/checkout', 'mirror.example/checkout');
  await setting.write(overlayPath('dev'), renamed, 'ann');
  await setting.sweep();
  expect(await setting.open('dev')).toMatchObject({ pull, release: 'v2' });
});

test('a dispatch that comes while the config is broken is kept until it is mended', async () => {
  await start('on: dispatch\ntype: image-published\ntag: "{payload.tag}"');
  const text = (await setting.read('.github/sluice.yml'))!;
  await setting.write('.github/sluice.yml', 'environments: [oops\n', 'ann');
  await dispatch('v2');
  await setting.write('.github/sluice.yml', text, 'ann');
  expect((await setting.open('dev')).release).toBe('v2');
});

test('what only a person can mend is not asked for again by itself', async () => {
  let asked = 0;
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(
        '  dev:\n',
        'sources:\n  - application: checkout\n    repository: acme/checkout\n    on: release\n',
      ),
      [overlayPath('dev')]: overlay('v1'),
    },
    {
      beforeCall: ({ url }) => {
        if (!url.includes('/releases')) return;
        asked++;
        throw Object.assign(new Error('Resource not accessible by integration'), { status: 403 });
      },
    },
  );
  const files = { 'README.md': 'x' };
  await setting.world.sandbox.addRepository({ owner: 'acme', name: 'checkout', files });
  await setting.sweep();
  expect(asked).toBeGreaterThan(0);
  const { plan } = setting.world.outcomeOf('acme/gitops')!;
  expect(plan).toMatchObject({ lookAgainMs: null, lookAt: [] });
  expect(plan.notPromoted[0]?.reason).toContain('Resource not accessible by integration');
});

test('a promotion from a build that a person closed is opened again by /promote, as its text says', async () => {
  await start('on: release');
  await setting.as('dan').rest.repos.createRelease({ ...repo, tag_name: 'v2.0.0', target_commitish: 'main' });
  await setting.settle();
  const { pull } = await setting.open('dev');
  await setting.as('dan').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
  await setting.comment('dan', pull, '/promote');
  const again = await setting.open('dev');
  expect(again).toMatchObject({ release: 'v2.0.0' });
  expect(again.pull).not.toBe(pull);
});

test('a release that was published while Sluice was away is found by looking', async () => {
  await start('on: release');
  await setting.world.stopApp();
  await setting.as('dan').rest.repos.createRelease({ ...repo, tag_name: 'v2.0.0', target_commitish: 'main' });
  await setting.world.startApp();
  await setting.settle();
  expect((await setting.open('dev')).release).toBe('v2.0.0');
});

describe('an application with a CI for each of its images', () => {
  const two = (a: string, b: string) =>
    `images:\n  - name: ghcr.io/acme/a\n    newTag: ${a}\n  - name: ghcr.io/acme/b\n    newTag: ${b}\n`;
  const sources =
    'on: status\ncontext: jenkins/build\nimages: [ghcr.io/acme/a]\ntag: "{short_sha}-a"\n- application: checkout\n  repository: acme/checkout\n  on: dispatch\n  type: image-published\n  images: [ghcr.io/acme/b]\n  tag: "{payload.tag}"';
  const status = async (sha: string, context: string) => {
    await setting.as('dan').rest.repos.createCommitStatus({ ...repo, sha, context, state: 'success' });
    await setting.settle();
  };

  async function startTwo() {
    const lines = sources
      .split('\n')
      .map((line) => (line.startsWith('- ') || line.startsWith('  ') ? `  ${line}` : `    ${line}`));
    setting = await makeSetting({
      '.github/sluice.yml': config(
        '  dev:\n',
        `sources:\n  - application: checkout\n    repository: acme/checkout\n${lines.join('\n')}\n`,
      ),
      [overlayPath('dev')]: two('v1', 'v1'),
    });
    const files = { 'README.md': '# checkout\n' };
    const collaborators = { ann: 'admin', dan: 'write' } as const;
    source = await setting.world.sandbox.addRepository({
      owner: 'acme',
      name: 'checkout',
      files,
      collaborators,
    });
    await setting.settle();
  }

  test('keeps what one built when the other is looked at', async () => {
    await startTwo();
    await dispatch('v2');
    const { pull } = await setting.open('dev');
    const sha = await tip();
    await status(sha, 'some/linter');
    expect(await setting.open('dev')).toMatchObject({ pull, release: 'v2' });
    await status(sha, 'jenkins/build');
    const both = await setting.open('dev');
    expect(both.pull).toBe(pull);
    expect(await setting.read(overlayPath('dev'), 'sluice/checkout/dev')).toBe(
      two(`${sha.slice(0, 7)}-a`, 'v2'),
    );
    await dispatch('v3');
    expect(await setting.read(overlayPath('dev'), 'sluice/checkout/dev')).toBe(
      two(`${sha.slice(0, 7)}-a`, 'v3'),
    );
  });

  test('takes nothing back that was merged meanwhile', async () => {
    await startTwo();
    await dispatch('v2');
    await setting.write(overlayPath('dev'), two('v1.5', 'v1'), 'ann');
    await dispatch('v3');
    expect(await setting.read(overlayPath('dev'), 'sluice/checkout/dev')).toBe(two('v1.5', 'v3'));
  });
});

test('a CI that gives an odd answer is told of, and keeps no other application from its promotion', async () => {
  const source = (name: string) =>
    `  - application: ${name}\n    repository: acme/${name}\n    on: release\n`;
  setting = await makeSetting(
    {
      '.github/sluice.yml': config('  dev:\n', `sources:\n${source('checkout')}${source('cart')}`),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('dev', 'cart')]: overlay('v1', 1, 'cart'),
    },
    {
      beforeCall: (call) => {
        const isAsked = call.url.includes('/releases') && (call as { repo?: string }).repo === 'checkout';
        if (isAsked) throw Object.assign(new Error('Odd'), { status: 409 });
      },
    },
  );
  for (const name of ['checkout', 'cart']) {
    const collaborators = { ann: 'admin', dan: 'write' } as const;
    await setting.world.sandbox.addRepository({
      owner: 'acme',
      name,
      files: { 'README.md': name },
      collaborators,
    });
    await setting
      .as('dan')
      .rest.repos.createRelease({ owner: 'acme', repo: name, tag_name: 'v2.0.0', target_commitish: 'main' });
  }
  await setting.settle();
  await setting.world.sweep();
  await setting.settle();
  expect((await setting.open('dev', 'cart')).release).toBe('v2.0.0');
  const { plan } = setting.world.outcomeOf('acme/gitops')!;
  expect(plan.notPromoted).toMatchObject([
    { application: 'checkout', reason: expect.stringContaining('with a conflict: Odd') },
  ]);
  expect(plan).toMatchObject({ lookAgainMs: 60_000, lookAt: ['acme/checkout'] });
});
