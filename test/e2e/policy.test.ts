import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const files = (policy: string, autoMerge = false) => ({
  '.github/sluice.yml': config(
    `  dev:\n  prod:\n    from: dev\n    auto-merge: ${autoMerge}\n    gates:\n      - policy: ${policy}\n`,
  ),
  [overlayPath('dev')]: overlay('v1'),
  [overlayPath('prod')]: overlay('v1', 3),
});

/** Dan releases a version to dev, so that he is the author of what the promotion to prod carries. */
async function release(policy: string, beforeCall?: (call: { url: string }) => void) {
  setting = await makeSetting(files(policy), { beforeCall });
  await setting.write(overlayPath('dev'), overlay('v2.0.0'), 'dan');
  return setting.open('prod');
}

test('a release that the policy lets in passes, another one fails and says why', async () => {
  const { headSha } = await release(
    `{ pass: [{ rule: "release.label.matches('^v[0-9]+[.][0-9]+[.][0-9]+$')", name: final versions, message: Tag it. }], deny: ["changes.exists(c, c.kind != 'image')"] }`,
  );
  const passed = await setting.check(headSha);
  expect(passed).toMatchObject({ state: 'success' });
  expect(passed.summary).toContain('"final versions" is true; not denied by');
  await setting.write(overlayPath('dev'), overlay('v2.1.0-rc.1'), 'dan');
  const next = await setting.open('prod');
  const failed = await setting.check(next.headSha);
  expect(failed).toMatchObject({ state: 'failure', title: 'Failed: policy' });
  expect(failed.summary).toContain('"final versions" is not true: Tag it.');
});

test('a label holds a promotion back, also when a newer release replaces it, until it is taken off', async () => {
  const { pull, headSha } = await release(`{ deny: ["'blocked' in labels"] }`);
  expect((await setting.check(headSha)).state).toBe('success');
  const issue = { ...setting.repo, issue_number: pull };
  await setting.as('sam').rest.issues.addLabels({ ...issue, labels: ['blocked'] });
  await setting.settle();
  expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: policy' });

  await setting.write(overlayPath('dev'), overlay('v3.0.0'), 'dan');
  const moved = await setting.open('prod');
  const { data } = await setting.as('ann').rest.checks.listForRef({
    ...setting.repo,
    ref: moved.headSha,
    filter: 'all',
    check_name: 'sluice/gates',
  });
  expect(data.check_runs.map(({ conclusion, status }) => conclusion ?? status)).toEqual(['in_progress']);
  await setting.as('sam').rest.issues.removeLabel({ ...issue, name: 'blocked' });
  await setting.settle();
  expect((await setting.check(moved.headSha)).state).toBe('success');
});

test('people are looked up only for policies that ask for them', async () => {
  const urls: string[] = [];
  const lookups = () => urls.filter((url) => /\/collaborators\/|\/commits\/.*\/pulls/.test(url));
  await release(`"to == 'prod' && changes.size() == 1"`, ({ url }) => urls.push(url));
  expect(lookups()).toEqual([]);
  await setting.write('.github/sluice.yml', files(`"'dan' in authors"`)['.github/sluice.yml']!, 'ann');
  expect((await setting.check((await setting.open('prod')).headSha)).state).toBe('success');
  expect(lookups()).not.toEqual([]);
});

test('who asked must not be who wrote the change', async () => {
  const { pull, headSha } = await release(`"actor != null && !actors.exists(a, a in authors)"`);
  expect((await setting.check(headSha)).state).toBe('in_progress');
  await setting.comment('sam', pull, '/promote');
  expect((await setting.check(headSha)).state).toBe('success');
  await setting.comment('dan', pull, '/promote');
  expect((await setting.check(headSha)).state).toBe('in_progress');
});

test('who asked for a promotion that had been closed is known from its first check on', async () => {
  const { pull } = await release(`actor == 'sam'`);
  await setting.as('ann').rest.pulls.update({ ...setting.repo, pull_number: pull, state: 'closed' });
  await setting.settle();
  await setting.comment('sam', pull, '/promote checkout to prod');
  const { headSha } = await setting.open('prod');
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
});

test('a policy over the time is looked at again by itself, and merges in time', async () => {
  setting = await makeSetting(files(`"time.getHours('Europe/Berlin') >= 9"`, true), { isStarted: false });
  const { clock } = setting.world.sandbox;
  clock.set(Date.parse('2026-11-30T07:57:00Z'));
  await setting.world.startApp();
  await setting.write(overlayPath('dev'), overlay('v2'));
  const { headSha } = await setting.open('prod');
  expect((await setting.check(headSha)).state).toBe('in_progress');
  expect(setting.world.outcomeOf('acme/gitops')?.plan.lookAgainMs).toBe(3 * 60_000);
  clock.set(Date.parse('2026-11-30T08:00:00Z'));
  await setting.sweep();
  expect((await setting.check(headSha)).state).toBe('success');
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v2');
});

test('in a first environment it keeps its word when no build is looked at, and knows the author', async () => {
  const repo = { owner: 'acme', repo: 'checkout' };
  const source = `sources:\n  - { application: checkout, repository: acme/checkout, on: dispatch, type: built, tag: "{payload.tag}" }\n`;
  const policy = `{ pass: ["changes.all(c, c.to != 'v1')", "authors == ['dan']"], deny: ["'blocked' in labels"] }`;
  setting = await makeSetting({
    '.github/sluice.yml': config(`  dev:\n    gates:\n      - policy: ${policy}\n`, source),
    [overlayPath('dev')]: overlay('v1'),
  });
  const collaborators = { ann: 'admin', dan: 'write' } as const;
  await setting.world.sandbox.addRepository({
    ...repo,
    name: 'checkout',
    files: { a: 'a\n' },
    collaborators,
  });
  await setting
    .as('dan')
    .rest.repos.createDispatchEvent({ ...repo, event_type: 'built', client_payload: { tag: 'v2' } });
  await setting.settle();
  const { headSha } = await setting.open('dev');
  expect((await setting.check(headSha)).state).toBe('success');
  await setting.write('README.md', 'look again\n');
  await setting.sweep();
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
});
