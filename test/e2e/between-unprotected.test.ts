import { afterEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

afterEach(async () => setting.world.stop());

const MINUTE_MS = 60_000;
const OPEN_MS = Date.parse('2026-11-27T15:50:00Z');
const GATES = '      - checks: [ci]\n      - approvals: 1\n';
const WINDOW = "      - window: { allow: ['weekdays 09:00-16:00'], zone: UTC }\n";

const configWith = (gates: string) =>
  config(`  dev:\n  prod:\n    from: dev\n    auto-merge: true\n    gates:\n${gates}`);

/** Nothing protects the branch: GitHub merges whatever it is asked to. */
async function start(gates = GATES) {
  setting = await makeSetting(
    {
      '.github/sluice.yml': configWith(gates),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { isStarted: false },
  );
  setting.world.sandbox.clock.set(OPEN_MS);
  await setting.world.startApp();
  await setting.write(overlayPath('dev'), overlay('v2'), 'ann');
}

const status = (sha: string, state: 'success' | 'failure') =>
  setting.as('sue').rest.repos.createCommitStatus({ ...setting.repo, sha, state, context: 'ci' });

/** Lets all gates pass, with something that happens once they have and before the merge that would follow. */
async function passWith(run: (pull: number, headSha: string) => Promise<unknown>) {
  const { pull, headSha } = await setting.open('prod');
  await status(headSha, 'success');
  await setting.settle();
  const passing = setting.world.sandbox.faults.add({
    call: { method: 'PATCH', path: /\/check-runs\/\d+$/ },
    times: 1,
    effect: {
      kind: 'run',
      when: 'after',
      async run() {
        expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
        await run(pull, headSha);
      },
    },
  });
  const before = setting.world.sandbox.calls.length;
  await setting.approve('sam', pull);
  expect(passing.fired).toBe(1);
  return { pull, headSha, calls: setting.world.sandbox.calls.slice(before).map(describe) };
}

const describe = ({ actor, method, path }: Setting['world']['sandbox']['calls'][number]) =>
  `${actor} ${method} ${path}`;

/** A commit to the default branch, in the middle of a look. */
async function write(path: string, text: string) {
  const octokit = setting.as('ann');
  const found = await octokit.rest.repos.getContent({ ...setting.repo, path }).catch(() => null);
  await octokit.rest.repos.createOrUpdateFileContents({
    ...setting.repo,
    path,
    sha: found && 'sha' in found.data ? found.data.sha : undefined,
    content: Buffer.from(text).toString('base64'),
    message: `Change ${path}`,
  });
}

async function expectNotMerged(calls: readonly string[]) {
  expect(calls.filter((call) => /PUT .*\/merge/.test(call))).toEqual([]);
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v1');
}

test('a push to the branch before the merge keeps it from being tried', async () => {
  await start();
  let pushed = '';
  const { calls } = await passWith(async (pull, headSha) => {
    const octokit = setting.as('dan');
    const { data: opened } = await octokit.rest.pulls.get({ ...setting.repo, pull_number: pull });
    const { data: commit } = await octokit.rest.git.getCommit({ ...setting.repo, commit_sha: headSha });
    const { data: made } = await octokit.rest.git.createCommit({
      ...setting.repo,
      tree: commit.tree.sha,
      parents: [headSha],
      message: 'Sneaked in',
    });
    await octokit.rest.git.updateRef({ ...setting.repo, ref: `heads/${opened.head.ref}`, sha: made.sha });
    pushed = made.sha;
  });
  await expectNotMerged(calls);
  expect(await setting.check(pushed)).toMatchObject({ state: 'failure', title: 'Failed: head' });
});

test('an approval that is dismissed before the merge keeps it from happening, and the check says so', async () => {
  await start();
  const { headSha, calls } = await passWith(async (pull) => {
    setting.muteWebhooks();
    const octokit = setting.as('ann');
    const { data } = await octokit.rest.pulls.listReviews({ ...setting.repo, pull_number: pull });
    const review = data.find(({ state }) => state === 'APPROVED')!.id;
    await octokit.rest.pulls.dismissReview({
      ...setting.repo,
      pull_number: pull,
      review_id: review,
      message: 'Not yet',
    });
  });
  await expectNotMerged(calls);
  expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: approvals' });
  expect(setting.world.outcomeOf('acme/gitops')?.plan).toMatchObject({
    notPromoted: [
      {
        application: 'checkout',
        to: 'prod',
        reason: 'what its gates ask for changed right before: Waiting: approvals',
      },
    ],
    lookAgainMs: MINUTE_MS,
  });
});

test('a status that turns before the merge keeps it from happening, and the check says so', async () => {
  await start();
  const { headSha, calls } = await passWith(async (_, sha) => {
    setting.muteWebhooks();
    await status(sha, 'failure');
  });
  await expectNotMerged(calls);
  expect(await setting.check(headSha)).toMatchObject({ state: 'failure', title: 'Failed: checks' });
});

test('a config that asks for more by the time of the merge keeps it from happening', async () => {
  await start();
  const policy = "      - policy: release.label == 'v3'\n";
  const { headSha, calls } = await passWith(async () => {
    setting.muteWebhooks();
    await write('.github/sluice.yml', configWith(GATES + policy));
  });
  await expectNotMerged(calls);
  expect(await setting.check(headSha)).toMatchObject({
    state: 'in_progress',
    title: 'Waiting: default branch',
    summary: expect.stringContaining('which changes .github/sluice.yml; Sluice looks again'),
  });
  expect(setting.world.outcomeOf('acme/gitops')?.plan.lookAgainMs).toBe(1_000);
  await setting.sweep();
  expect((await setting.check(headSha)).title).toBe('Failed: policy');
});

test('a newer release in the source by the time of the merge keeps the older one from being merged', async () => {
  await start();
  const { pull, calls } = await passWith(() => write(overlayPath('dev'), overlay('v3')));
  await expectNotMerged(calls);
  expect(await setting.open('prod')).toMatchObject({ pull, release: 'v3' });
});

test('a change of something else by the time of the merge does not hold it up', async () => {
  await start();
  await passWith(() => write('README.md', 'more'));
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v2');
});

test('a window that closes before the merge keeps it from happening', async () => {
  await start(GATES + WINDOW);
  const { headSha, calls } = await passWith(async () => {
    setting.muteWebhooks();
    setting.world.sandbox.clock.set(OPEN_MS + 10 * MINUTE_MS);
  });
  await expectNotMerged(calls);
  expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: window' });
});

test('a promotion to which nothing happens merges, for these calls more', async () => {
  await start();
  const { calls } = await passWith(async () => {});
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v2');
  const merge = calls.findIndex((call) => /PUT .*\/merge/.test(call));
  const passed = calls.findLastIndex((call, index) => index < merge && /PATCH .*\/check-runs/.test(call));
  const asked = calls.slice(passed + 1, merge).map((call) => call.replace(/\b[0-9a-f]{40}\b/, 'SHA'));
  const repo = 'GET /repos/acme/gitops';
  expect(asked.map((call) => call.replace(/^\S+ /, ''))).toEqual([
    `${repo}/commits/heads%2Fmain`,
    `${repo}/pulls/1`,
    `${repo}/commits/SHA/check-runs?filter=all&per_page=100`,
    `${repo}/commits/SHA/statuses?per_page=100`,
    `${repo}/pulls/1/reviews?per_page=100`,
    `${repo}/issues/1/comments?per_page=100`,
    `${repo}/collaborators/sam/permission`,
    `${repo}/commits/SHA/pulls`,
    `${repo}/rules/branches/main?per_page=100`,
    `${repo}/branches/main`,
    `${repo}/git/ref/heads%2Fsluice-state`,
  ]);
});
