import { afterEach, describe, expect, test } from '@jest/globals';
import { octokitForApp } from '../sandbox/core-clients.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const gates = '      - approvals: { count: 1, from: [write], allow-author: true }\n';
const APPLICATIONS = ['a', 'b'];

/** Two applications whose release is due in staging. */
function files(tag = 'v2'): Record<string, string> {
  const overlays = APPLICATIONS.flatMap((name) => [
    [overlayPath('dev', name), overlay(tag, 1, name)],
    [overlayPath('staging', name), overlay('v1', 1, name)],
  ]);
  const text = config(`  dev:\n  staging:\n    from: dev\n    gates:\n${gates}`);
  return { '.github/sluice.yml': text, ...Object.fromEntries(overlays) };
}

const release = (tag: string, name: string) =>
  setting.write(overlayPath('dev', name), overlay(tag, 1, name), 'dan');

async function close(pull: number): Promise<void> {
  await setting.as('dan').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
}

async function countChecks(ref: string): Promise<number> {
  const { data } = await setting.as('ann').rest.checks.listForRef({ ...setting.repo, ref, filter: 'all' });
  return data.total_count;
}

const reasons = () => setting.world.outcomeOf('acme/gitops')!.plan.notPromoted.map(({ reason }) => reason);
const tip = async (branch: string) =>
  (await setting.as('ann').rest.repos.getCommit({ ...setting.repo, ref: `heads/${branch}` })).data;

describe('the branch of a promotion that has ended and was not deleted', () => {
  test('is built upon, never forced', async () => {
    setting = await makeSetting(files());
    const old = await setting.open('staging', 'a');
    await close(old.pull);
    await release('v3', 'a');
    const next = await setting.open('staging', 'a');
    expect(next.pull).not.toBe(old.pull);
    const head = await tip('sluice/a/staging');
    expect(head.parents.map(({ sha }) => sha)).toContain(old.headSha);
    const changed = await setting.as('ann').rest.pulls.listFiles({ ...setting.repo, pull_number: next.pull });
    expect(changed.data.map(({ filename }) => filename)).toEqual([overlayPath('staging', 'a')]);
  });

  test('nobody decided against what Sluice itself deleted the branch of, as a worker may that stood still', async () => {
    setting = await makeSetting(files());
    const old = await setting.open('staging', 'a');
    const { sandbox, appId: id, privateKeyPem } = setting.world;
    const [installation] = [...sandbox.state.installations.values()];
    const app = octokitForApp(sandbox, { ...sandbox.state.apps.get(id)!, privateKeyPem }, installation!.id);
    await app.git.deleteRef({ ...setting.repo, ref: 'heads/sluice/a/staging' });
    await setting.settle();
    const next = await setting.open('staging', 'a');
    expect([next.pull !== old.pull, next.release]).toEqual([true, old.release]);
  });

  test('is left alone when a person pushed to it, and said so', async () => {
    setting = await makeSetting(files());
    await close((await setting.open('staging', 'a')).pull);
    const path = 'notes.md';
    const note = { ...setting.repo, path, message: 'My notes', branch: 'sluice/a/staging' };
    await setting
      .as('dan')
      .rest.repos.createOrUpdateFileContents({ ...note, content: Buffer.from('x').toString('base64') });
    const { sha } = await tip('sluice/a/staging');
    await release('v3', 'a');
    expect((await tip('sluice/a/staging')).sha).toBe(sha);
    expect(reasons()).toContainEqual(expect.stringContaining(`${sha.slice(0, 7)} by dan`));
    const writes = () => setting.world.sandbox.calls.filter(({ method }) => method !== 'GET').length;
    const before = writes();
    await setting.sweep();
    expect(writes() - before).toBe(0);
    await release('v3', 'b');
    expect((await setting.open('staging', 'b')).release).toBe('v3');
  });

  test('is left alone while a person has a pull request of their own on it', async () => {
    setting = await makeSetting(files());
    await close((await setting.open('staging', 'a')).pull);
    const branch = 'sluice/a/staging';
    const { data } = await setting
      .as('dan')
      .rest.pulls.create({ ...setting.repo, title: 'Mine', head: branch, base: 'main' });
    await setting.settle();
    const { sha } = await tip(branch);
    await release('v3', 'a');
    expect((await tip(branch)).sha).toBe(sha);
    expect(reasons()).toContainEqual(expect.stringContaining(`#${data.number} by dan`));
    await close(data.number);
    expect((await setting.open('staging', 'a')).release).toBe('v3');
  });
});

test('an action that fails keeps no other from being done, and verdicts are taken back first', async () => {
  const calls: string[] = [];
  let failures = 1;
  setting = await makeSetting(files('v1'), {
    beforeCall: ({ method, url }) => {
      if (method !== 'GET') calls.push(`${method} ${url.replace('/repos/{owner}/{repo}', '')}`);
      if (url.endsWith('/git/trees') && calls.includes('armed') && failures-- > 0) throw new Error('no');
    },
  });
  await release('v2', 'b');
  const { pull, headSha } = await setting.open('staging', 'b');
  await setting.approve('sam', pull);
  expect((await setting.check(headSha)).state).toBe('success');
  calls.length = 0;
  calls.push('armed');
  setting.world.sandbox.setWebhook(setting.world.appId, { url: 'http://127.0.0.1:9', secret: 'x' });
  await setting
    .as('sue')
    .rest.pulls.createReview({ ...setting.repo, pull_number: pull, event: 'REQUEST_CHANGES', body: 'No' });
  await release('v2', 'a');
  await setting.world.sweep();
  await setting.settle();
  expect(calls.slice(0, 3)).toEqual(['armed', 'POST /check-runs', 'POST /git/trees']);
  expect((await setting.check(headSha)).state).toBe('failure');
  expect((await setting.open('staging', 'a')).release).toBe('v2');
});

test('a head that GitHub does not give passes nothing, and holds up nothing else', async () => {
  let lost = '';
  setting = await makeSetting(files(), {
    beforeCall: ({ url }) => {
      if (lost !== '' && url.includes(`${lost}/check-runs`)) throw new Error('Bad day');
    },
  });
  const { pull, headSha } = await setting.open('staging', 'a');
  await setting.approve('sam', pull);
  expect((await setting.check(headSha)).state).toBe('success');
  lost = headSha;
  await release('v3', 'b');
  expect((await setting.open('staging', 'b')).release).toBe('v3');
  const check = await setting.check(headSha);
  expect(check.state).toBe('in_progress');
  expect(check.summary).toContain(`#${pull} could not be read (Bad day)`);
  const reports = () => countChecks(headSha);
  const before = await reports();
  await setting.sweep();
  expect(await reports()).toBe(before);
  lost = '';
  await setting.write('README.md', 'look again\n');
  expect((await setting.check(headSha)).state).toBe('success');
});

test('a pull request of a person that GitHub does not give keeps no promotion from its way', async () => {
  let lost = '';
  setting = await makeSetting(files('v1'), {
    beforeCall: ({ url }) => {
      if (lost !== '' && url.includes(`${lost}/check-runs`)) throw new Error('Bad day');
    },
  });
  const sdk = setting.as('dan').rest;
  const { data } = await sdk.git.getRef({ ...setting.repo, ref: 'heads/main' });
  await sdk.git.createRef({ ...setting.repo, ref: 'refs/heads/mine', sha: data.object.sha });
  const note = { ...setting.repo, path: 'notes.md', message: 'Notes', branch: 'mine', content: 'eA==' };
  lost = (await sdk.repos.createOrUpdateFileContents(note)).data.commit.sha ?? '';
  await sdk.pulls.create({ ...setting.repo, title: 'Mine', head: 'mine', base: 'main' });
  await release('v2', 'a');
  expect((await setting.open('staging', 'a')).release).toBe('v2');
  await expect(setting.check(lost)).rejects.toThrow('no sluice/gates');
  const gone = lost;
  lost = '';
  await setting.sweep();
  expect((await setting.check(gone)).state).toBe('success');
});

test('a promotion whose application is out of the config for a moment is Sluice’s own afterwards', async () => {
  setting = await makeSetting(files());
  const text = files()['.github/sluice.yml']!;
  const { headSha } = await setting.open('staging', 'a');
  await setting.write('.github/sluice.yml', `${text}applications: { exclude: [a] }\n`, 'ann');
  expect(await setting.check(headSha)).toMatchObject({ state: 'failure', title: 'Failed: target' });
  await setting.write('.github/sluice.yml', text, 'ann');
  expect((await setting.open('staging', 'a')).headSha).toBe(headSha);
  expect(await setting.check(headSha)).toMatchObject({ title: 'Waiting: approvals' });
});

describe('where protection wants the latest default branch in what is merged', () => {
  async function startStrict() {
    setting = await makeSetting(files());
    await setting.as('ann').rest.repos.updateBranchProtection({
      ...setting.repo,
      branch: 'main',
      required_status_checks: { strict: true, contexts: [], checks: [{ context: 'sluice/gates' }] },
      enforce_admins: false,
      required_pull_request_reviews: null,
      restrictions: null,
    });
    return setting.open('staging', 'a');
  }

  test('a promotion that only lacks it is made anew, says so, and merges once it is approved again', async () => {
    const { headSha, pull } = await startStrict();
    await setting.write('README.md', 'something else\n', 'ann');
    expect((await setting.open('staging', 'a')).headSha).toBe(headSha);
    await setting.approve('sam', pull);
    expect(setting.world.outcomeOf('acme/gitops')?.plan.lookAgainMs).toBe(5_000);
    await setting.sweep();
    expect((await setting.open('staging', 'a')).headSha).not.toBe(headSha);
    expect((await setting.comments(pull)).join()).toContain('which must be in it before it merges');
    await setting.approve('sam', pull);
    await setting.merge('dan', pull);
    expect(await setting.read(overlayPath('staging', 'a'))).toBe(overlay('v2', 1, 'a'));
  });

  test('the button "Update branch" does not make a promotion somebody else’s', async () => {
    setting = await makeSetting(files());
    const { pull } = await setting.open('staging', 'a');
    await setting.approve('sam', pull);
    await setting.write('README.md', 'something else\n');
    const { headSha } = await setting.open('staging', 'a');
    await setting
      .as('dan')
      .rest.pulls.updateBranch({ ...setting.repo, pull_number: pull, expected_head_sha: headSha });
    await setting.settle();
    const anew = await setting.open('staging', 'a');
    expect(await setting.check(anew.headSha)).toMatchObject({
      state: 'in_progress',
      title: 'Waiting: approvals',
    });
    await setting.approve('sam', pull);
    await setting.merge('ann', pull);
    expect(await setting.read(overlayPath('staging', 'a'))).toBe(overlay('v2', 1, 'a'));
  });
});

test('a merge that GitHub put off for its limits is tried again, as if it had not been asked for', async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config('  dev:\n  staging:\n    from: dev\n    auto-merge: true\n'),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('staging')]: overlay('v1'),
  });
  setting.world.sandbox.faults.add({
    call: { method: 'PUT', path: /\/merge$/ },
    nth: 1,
    effect: {
      kind: 'answer',
      status: 403,
      body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' },
      headers: { 'retry-after': '1' },
    },
  });
  await setting.write(overlayPath('dev'), overlay('v2'));
  expect(await setting.read(overlayPath('staging'))).toBe(overlay('v2'));
});
