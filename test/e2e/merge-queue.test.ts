import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;

const ENVIRONMENTS = '  dev:\n  prod:\n    from: dev\n    gates:\n      - checks: [ci/smoke]\n';

beforeEach(async () => {
  setting = await makeSetting({
    '.github/sluice.yml': config(ENVIRONMENTS),
    [overlayPath('dev')]: overlay('v1'),
    [overlayPath('prod')]: overlay('v1', 3),
    [overlayPath('dev', 'cart')]: overlay('v1', 1, 'cart'),
    [overlayPath('prod', 'cart')]: overlay('v1', 3, 'cart'),
    'README.md': 'Deployments\n',
  });
  await setting.as('ann').rest.repos.createRepoRuleset({
    ...setting.repo,
    name: 'queue',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
    rules: [
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [
            { context: 'sluice/gates', integration_id: setting.world.appId },
            { context: 'ci' },
          ],
        },
      },
      {
        type: 'merge_queue',
        parameters: {
          check_response_timeout_minutes: 60,
          grouping_strategy: 'ALLGREEN',
          max_entries_to_build: 5,
          max_entries_to_merge: 5,
          merge_method: 'SQUASH',
          min_entries_to_merge: 1,
          min_entries_to_merge_wait_minutes: 5,
        },
      },
    ],
  });
});

afterEach(async () => setting.world.stop());

const status = async (sha: string, context: string, state: 'success' | 'failure' = 'success') => {
  await setting.as('sue').rest.repos.createCommitStatus({ ...setting.repo, sha, context, state });
  await setting.settle();
};

const release = (tag: string, application = 'checkout') =>
  setting.write(overlayPath('dev', application), overlay(tag, 1, application), 'ann');

/** A promotion to prod whose gates and other checks are green. */
async function green(application = 'checkout') {
  const { pull, headSha } = await setting.open('prod', application);
  await status(headSha, 'ci/smoke');
  await status(headSha, 'ci');
  expect((await setting.check(headSha)).state).toBe('success');
  return { pull, headSha };
}

/** Puts a pull request into the queue; gives what was built of it. */
async function enqueue(number: number): Promise<{ head: string; branch: string }> {
  const { data } = await setting.as('dan').rest.pulls.get({ ...setting.repo, pull_number: number });
  await setting
    .as('dan')
    .graphql(
      'mutation($id: ID!) { enqueuePullRequest(input: {pullRequestId: $id}) { mergeQueueEntry { position } } }',
      { id: data.node_id },
    );
  await setting.settle();
  return groupOf(number);
}

async function groupOf(number: number): Promise<{ head: string; branch: string }> {
  const ref = 'heads/gh-readonly-queue/main/';
  const { data } = await setting.as('dan').rest.git.listMatchingRefs({ ...setting.repo, ref });
  const found = data.find((each) => each.ref.includes(`/pr-${number}-`));
  if (!found) throw new Error(`#${number} is not in the queue`);
  return { head: found.object.sha, branch: found.ref };
}

const isMerged = async (number: number) =>
  (await setting.as('dan').rest.pulls.get({ ...setting.repo, pull_number: number })).data.merged;

test('a green promotion passes through the queue and merges', async () => {
  await release('v2');
  const { pull } = await green();
  const { head } = await enqueue(pull);
  expect(await setting.check(head)).toMatchObject({ state: 'success', title: `#${pull} passes` });
  expect((await setting.check(head)).summary).toContain('ci/smoke');
  await status(head, 'ci');
  expect(await isMerged(pull)).toBe(true);
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v2');
});

test('a status that flips after it was queued throws it out', async () => {
  await release('v2');
  const { pull, headSha } = await green();
  const { head } = await enqueue(pull);
  expect(await setting.check(head)).toMatchObject({ state: 'success' });
  await status(headSha, 'ci/smoke', 'failure');
  const check = await setting.check(head);
  expect(check).toMatchObject({ state: 'failure', title: `#${pull} does not pass` });
  expect(check.summary).toContain('Queue it again when it does.');
  await expect(groupOf(pull)).rejects.toThrow('not in the queue');
  await status(head, 'ci');
  expect(await isMerged(pull)).toBe(false);
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v1');
});

test("a person's pull request passes behind a promotion, and both merge", async () => {
  await release('v2');
  const { pull } = await green();
  const person = await propose('docs', 'README.md', 'Our deployments\n');
  const first = await enqueue(pull);
  const second = await enqueue(person.number);
  expect(await setting.check(second.head)).toMatchObject({
    state: 'success',
    title: `#${person.number} passes`,
  });
  await status(first.head, 'ci');
  await status(second.head, 'ci');
  expect([await isMerged(pull), await isMerged(person.number)]).toEqual([true, true]);
});

test('two promotions in one queue: the second goes on without the first, which fails', async () => {
  await release('v2');
  await release('v5', 'cart');
  const one = await green();
  const two = await green('cart');
  await enqueue(one.pull);
  const { head } = await enqueue(two.pull);
  expect(await setting.check(head)).toMatchObject({ state: 'success' });
  await status(one.headSha, 'ci/smoke', 'failure');
  const rebuilt = await groupOf(two.pull);
  expect(rebuilt.head).not.toBe(head);
  expect(await setting.check(rebuilt.head)).toMatchObject({ state: 'success' });
  await status(rebuilt.head, 'ci');
  expect([await isMerged(one.pull), await isMerged(two.pull)]).toEqual([false, true]);
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v1');
});

test('a guarded change by hand goes through the queue by override only', async () => {
  await setting.write('.github/sluice.yml', config(`${ENVIRONMENTS}    guard: true\n`), 'ann');
  const { number, headSha } = await propose('hotfix', overlayPath('prod'), overlay('v9', 3));
  await expect(enqueue(number)).rejects.toThrow();
  await setting.comment('ann', number, '/override guard the outage needs it');
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  const { head } = await enqueue(number);
  expect(await setting.check(head)).toMatchObject({ state: 'success' });
  await status(head, 'ci');
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v9');
});

test('a sweep finds a group whose event was lost', async () => {
  await release('v2');
  const { pull } = await green();
  const unmute = setting.muteWebhooks();
  const { head } = await enqueue(pull);
  unmute();
  await expect(setting.check(head)).rejects.toThrow('no sluice/gates');
  await setting.sweep();
  expect(await setting.check(head)).toMatchObject({ state: 'success' });
});

test('auto-merge says once that the queue must do it', async () => {
  await setting.write('.github/sluice.yml', config(`${ENVIRONMENTS}    auto-merge: true\n`), 'ann');
  await release('v2');
  const { pull, headSha } = await green();
  await status(headSha, 'again');
  const notes = (await setting.comments(pull)).filter((body) => body.includes('Merge when ready'));
  expect(notes).toHaveLength(1);
  const { head } = await enqueue(pull);
  await status(head, 'ci');
  expect(await isMerged(pull)).toBe(true);
});

/** A pull request of dan that changes one file, with its other check green. */
async function propose(branch: string, path: string, text: string) {
  const octokit = setting.as('dan');
  const { data: tip } = await octokit.rest.git.getRef({ ...setting.repo, ref: 'heads/main' });
  await octokit.rest.git.createRef({ ...setting.repo, ref: `refs/heads/${branch}`, sha: tip.object.sha });
  const { data: found } = await octokit.rest.repos.getContent({ ...setting.repo, path });
  const { data: written } = await octokit.rest.repos.createOrUpdateFileContents({
    ...setting.repo,
    path,
    branch,
    message: `Change ${path}`,
    content: Buffer.from(text).toString('base64'),
    sha: 'sha' in found ? found.sha : undefined,
  });
  const { data: pull } = await octokit.rest.pulls.create({
    ...setting.repo,
    head: branch,
    base: 'main',
    title: `Change ${path}`,
  });
  await setting.settle();
  await status(written.commit.sha ?? '', 'ci');
  return { number: pull.number, headSha: written.commit.sha ?? '' };
}
