import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

const ENVIRONMENTS = '  dev:\n  prod:\n    from: dev\n    gates: [manual]\n';
const PROD = overlayPath('prod');

beforeEach(async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config(`${ENVIRONMENTS}    guard: true\n`),
    [overlayPath('dev')]: overlay('v1'),
    [PROD]: overlay('v1', 3),
  });
});

afterEach(async () => setting.world.stop());

/** A pull request that changes one file; `owner` is where its branch is. A text of null removes the file. */
async function propose(
  path: string,
  text: string | null,
  {
    login = 'dan',
    owner = 'acme',
    branch = 'change',
  }: { login?: string; owner?: string; branch?: string } = {},
) {
  const octokit = setting.as(login);
  const { data: tip } = await octokit.rest.git.getRef({ ...setting.repo, ref: 'heads/main' });
  const repo = { owner, repo: 'gitops' };
  await octokit.rest.git.createRef({ ...repo, ref: `refs/heads/${branch}`, sha: tip.object.sha });
  const headSha = await push(path, text, { login, owner, branch });
  const { data: pull } = await octokit.rest.pulls.create({
    ...setting.repo,
    head: `${owner}:${branch}`,
    base: 'main',
    title: `Change ${path}`,
  });
  await setting.settle();
  return { number: pull.number, headSha };
}

async function push(
  path: string,
  text: string | null,
  { login = 'dan', owner = 'acme', branch = 'change' } = {},
): Promise<string> {
  const octokit = setting.as(login);
  const repo = { owner, repo: 'gitops' };
  const file = { ...repo, path, branch, message: `Change ${path}` };
  const found = await octokit.rest.repos.getContent({ ...repo, path, ref: branch }).catch(() => null);
  const sha = found && 'sha' in found.data ? found.data.sha : undefined;
  const { data } =
    text === null
      ? await octokit.rest.repos.deleteFile({ ...file, sha: sha ?? '' })
      : await octokit.rest.repos.createOrUpdateFileContents({
          ...file,
          content: Buffer.from(text).toString('base64'),
          sha,
        });
  await setting.settle();
  return data.commit.sha ?? '';
}

test('a direct change of a promoted value fails, says which, and names the promotion that carries it', async () => {
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { pull } = await setting.open('prod');
  const { headSha } = await propose(PROD, overlay('v2', 3));
  const check = await setting.check(headSha);
  expect(check).toMatchObject({
    state: 'failure',
    title: 'Changes 1 promoted value of prod directly',
    annotations: 1,
  });
  expect(check.summary).toContain(
    `| \`checkout\` | \`prod\` | image \`ghcr.io/acme/checkout\` | \`v1\` | \`v2\` | #${pull} carries \`v2\` |`,
  );
  expect(check.summary).toContain('/override guard REASON');
});

test('each head costs its calls once, and none where nothing is guarded', async () => {
  const { world } = setting;
  const { headSha } = await propose(PROD, overlay('v3', 3));
  const asked = (path: string) => world.sandbox.calls.filter((call) => call.path.includes(path)).length;
  // Where it parted, and the commits since.
  expect(asked('/compare/')).toBe(2);
  const before = asked(headSha);
  await setting.sweep();
  expect(asked(headSha)).toBe(before);
  await setting.write('.github/sluice.yml', config(ENVIRONMENTS), 'ann');
  await propose(PROD, overlay('v4', 3), { branch: 'other' });
  expect(asked('/compare/')).toBe(2);
});

test('without a promotion it names where a release comes from', async () => {
  const { headSha } = await propose(PROD, overlay('v3', 3));
  expect((await setting.check(headSha)).summary).toContain('change `dev`, and Sluice promotes it');
});

test.each([
  ['what belongs to the environment', PROD, overlay('v1', 5)],
  ['an environment that is not guarded', overlayPath('dev'), overlay('v9')],
  ['a new application', overlayPath('prod', 'cart'), overlay('v1', 1, 'cart')],
  ['a target that goes', PROD, null],
])('%s may change', async (_, path, text) => {
  const { headSha } = await propose(path, text);
  expect(await setting.check(headSha)).toMatchObject({ state: 'success', title: 'Not a promotion' });
});

test('an admin overrides the guard, for that head alone', async () => {
  const { number, headSha } = await propose(PROD, overlay('v3', 3));
  await setting.comment('dan', number, '/override guard it burns');
  expect((await setting.comments(number)).at(-1)).toContain('needs the role **admin**');
  expect(await setting.check(headSha)).toMatchObject({ state: 'failure' });
  await setting.comment('ann', number, '/override guard it burns');
  const check = await setting.check(headSha);
  expect(check).toMatchObject({
    state: 'success',
    title: 'Changes 1 promoted value of prod directly, by override',
  });
  expect(check.summary).toContain('Overridden by `ann`: it burns');
  expect((await setting.comments(number)).at(-1)).toContain(
    '`ann` overrode the guard of `prod` for the head',
  );
  await setting.sweep();
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  const next = await push(PROD, overlay('v4', 3));
  expect(await setting.check(next)).toMatchObject({ state: 'failure' });
});

test('the revert of a promotion by a person is a direct change, which an override lets through for good', async () => {
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { pull } = await setting.open('prod');
  await setting.comment('dan', pull, '/promote');
  await setting.merge('ann', pull);
  expect(await setting.read(PROD)).toContain('newTag: v2');
  const revert = await propose(PROD, overlay('v1', 3));
  expect(await setting.check(revert.headSha)).toMatchObject({ state: 'failure' });
  await setting.comment('ann', revert.number, '/override guard v2 loses orders');
  expect(await setting.check(revert.headSha)).toMatchObject({ state: 'success' });
  await setting.merge('ann', revert.number);
  expect(await setting.read(PROD)).toContain('newTag: v1');
  expect((await setting.promotions()).filter(({ isOpen }) => isOpen)).toEqual([]);
});

/** A pull request of a branch that is made at a commit. */
async function proposeAt(sha: string, branch: string, change?: [path: string, text: string]) {
  const octokit = setting.as('dan');
  await octokit.rest.git.createRef({ ...setting.repo, ref: `refs/heads/${branch}`, sha });
  const headSha = change ? await push(...change, { branch }) : sha;
  const { data } = await octokit.rest.pulls.create({
    ...setting.repo,
    head: branch,
    base: 'main',
    title: 'x',
  });
  await setting.settle();
  return { number: data.number, headSha };
}

const tipOf = async (branch: string) =>
  (await setting.as('dan').rest.git.getRef({ ...setting.repo, ref: `heads/${branch}` })).data.object.sha;

test('a branch that takes an open promotion in and its values out would take it back once that has merged', async () => {
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { headSha: promoted } = await setting.open('prod');
  const { headSha } = await proposeAt(promoted, 'change', [PROD, overlay('v1', 3)]);
  const check = await setting.check(headSha);
  expect(check).toMatchObject({ state: 'failure', title: 'Changes 1 promoted value of prod directly' });
  expect(check.summary).toContain('| `v2` | `v1` |');
});

test('lines that merged each other crosswise do not hide what is taken back', async () => {
  const octokit = setting.as('dan');
  const first = await proposeAt(await tipOf('main'), 'first', ['README.md', 'more\n']);
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { pull } = await setting.open('prod');
  await setting.comment('dan', pull, '/promote');
  await setting.merge('ann', pull);
  const main = await tipOf('main');
  await octokit.rest.pulls.merge({ ...setting.repo, pull_number: first.number, merge_method: 'merge' });
  await setting.settle();
  const { data: old } = await octokit.rest.git.getCommit({ ...setting.repo, commit_sha: first.headSha });
  for (const parents of [
    [first.headSha, main],
    [main, first.headSha],
  ]) {
    const { data: crossed } = await octokit.rest.git.createCommit({
      ...setting.repo,
      message: 'Merge main, and keep what was',
      tree: old.tree.sha,
      parents,
    });
    const change: [string, string] = ['other.md', 'x\n'];
    const { headSha } = await proposeAt(crossed.sha, `second-${parents.indexOf(main)}`, change);
    expect(await setting.check(headSha)).toMatchObject({ state: 'failure' });
  }
});

test('a branch that merged the default branch now and then is judged by what it changes', async () => {
  const octokit = setting.as('dan');
  await proposeAt(await tipOf('main'), 'long', ['README.md', 'more\n']);
  for (const tag of ['v2', 'v3']) {
    await setting.write(overlayPath('dev'), overlay(tag));
    const { pull } = await setting.open('prod');
    await setting.comment('dan', pull, '/promote');
    await setting.merge('ann', pull);
    await octokit.rest.repos.merge({ ...setting.repo, base: 'long', head: 'main' });
    await setting.settle();
  }
  expect(await setting.check(await tipOf('long'))).toMatchObject({ state: 'success' });
});

test('no-override keeps the guard from being overridden', async () => {
  await setting.write(
    '.github/sluice.yml',
    config(`${ENVIRONMENTS}    guard: true\n    no-override: [guard]\n`),
    'ann',
  );
  const { number, headSha } = await propose(PROD, overlay('v3', 3));
  await setting.comment('ann', number, '/override guard it burns');
  expect((await setting.comments(number)).at(-1)).toContain(
    'The config lets nobody override the guard of `prod`.',
  );
  expect(await setting.check(headSha)).toMatchObject({ state: 'failure' });
});

test('a pull request from a fork is looked at the same way', async () => {
  const { data: fork } = await setting.as('eve').rest.repos.createFork(setting.repo);
  await setting.settle();
  const owner = fork.owner.login;
  const { headSha } = await propose(PROD, overlay('v3', 3), { login: 'eve', owner });
  expect(await setting.check(headSha)).toMatchObject({
    state: 'failure',
    title: 'Changes 1 promoted value of prod directly',
  });
});

test('a config in the same pull request does not take the guard away', async () => {
  const { number } = await propose('.github/sluice.yml', config(ENVIRONMENTS));
  const headSha = await push(PROD, overlay('v3', 3));
  expect(number).toBeGreaterThan(0);
  expect(await setting.check(headSha)).toMatchObject({ state: 'failure' });
});

test('while the config is broken, only what mends it passes', async () => {
  await setting.write('.github/sluice.yml', config(`${ENVIRONMENTS}    guard: yes please\n`), 'ann');
  const { headSha } = await propose(PROD, overlay('v3', 3));
  expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: guard' });
  const guarded = config(`${ENVIRONMENTS}    guard: true\n`);
  const mend = await propose('.github/sluice.yml', guarded, { branch: 'mend' });
  expect(await setting.check(mend.headSha)).toMatchObject({ state: 'success' });
  await setting.merge('ann', mend.number);
  expect(await setting.check(headSha)).toMatchObject({ state: 'failure' });
});

test('what is open is judged again when an environment becomes guarded, and when it no longer is', async () => {
  await setting.write('.github/sluice.yml', config(ENVIRONMENTS), 'ann');
  const { headSha } = await propose(PROD, overlay('v3', 3));
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  await setting.write('.github/sluice.yml', config(`${ENVIRONMENTS}defaults: { guard: true }\n`), 'ann');
  expect(await setting.check(headSha)).toMatchObject({ state: 'failure' });
  await setting.write('.github/sluice.yml', config(ENVIRONMENTS), 'ann');
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
});
