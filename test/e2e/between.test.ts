import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

/** What happens after the gates have been evaluated and before GitHub merges, GitHub itself must refuse. */
beforeEach(async () => {
  const gates = '      - checks: [ci]\n      - approvals: 1\n';
  setting = await makeSetting({
    '.github/sluice.yml': config(
      `  dev:\n  prod:\n    from: dev\n    auto-merge: true\n    gates:\n${gates}`,
    ),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
  });
  await setting.as('ann').rest.repos.updateBranchProtection({
    ...setting.repo,
    branch: 'main',
    required_status_checks: { strict: false, contexts: ['sluice/gates', 'ci'] },
    required_pull_request_reviews: { required_approving_review_count: 1, dismiss_stale_reviews: true },
    enforce_admins: false,
    restrictions: null,
  });
  await setting.write(overlayPath('dev'), overlay('v2'), 'ann');
});

afterEach(async () => setting.world.stop());

const status = (sha: string, state: 'success' | 'failure') =>
  setting.as('sue').rest.repos.createCommitStatus({ ...setting.repo, sha, state, context: 'ci' });

/** Lets all gates pass, with something that happens right before the merge that follows. */
async function passWith(run: (pull: number, headSha: string) => Promise<unknown>) {
  const { pull, headSha } = await setting.open('prod');
  const merging = setting.world.sandbox.faults.add({
    call: { method: 'PUT', path: /\/merge$/ },
    times: 1,
    effect: { kind: 'run', when: 'before', run: () => run(pull, headSha) },
  });
  await status(headSha, 'success');
  await setting.approve('sam', pull);
  expect(merging.fired).toBe(1);
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v1');
  return { pull, headSha };
}

test('a push to the branch right before the merge keeps it from happening', async () => {
  let pushed = '';
  await passWith(async (pull, headSha) => {
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
  expect(await setting.check(pushed)).toMatchObject({ state: 'failure', title: 'Failed: head' });
});

test('an approval that is dismissed right before the merge keeps it from happening', async () => {
  const { headSha } = await passWith(async (pull) => {
    const octokit = setting.as('ann');
    const { data } = await octokit.rest.pulls.listReviews({ ...setting.repo, pull_number: pull });
    const review = data.find(({ state }) => state === 'APPROVED')!.id;
    const message = 'Not yet';
    await octokit.rest.pulls.dismissReview({
      ...setting.repo,
      pull_number: pull,
      review_id: review,
      message,
    });
  });
  await setting.sweep();
  expect(await setting.check(headSha)).toMatchObject({ state: 'in_progress', title: 'Waiting: approvals' });
});

test('a status that turns right before the merge keeps it from happening', async () => {
  const { headSha } = await passWith((_, sha) => status(sha, 'failure'));
  await setting.sweep();
  expect(await setting.check(headSha)).toMatchObject({ state: 'failure', title: 'Failed: checks' });
});
