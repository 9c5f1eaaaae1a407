import { join } from 'node:path';
import { commitFile, HERE, propose, type Team } from './collaboration-world.ts';
import { git, refusal, temporaryDirectory } from './core-clients.ts';
import {
  graphProblem,
  listen,
  mergeableState,
  protect,
  startProtectedTeam,
  unprotect,
} from './protection-world.ts';

let team: Team;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  team = await startProtectedTeam();
  folder = await temporaryDirectory();
});
afterEach(() => unprotect(team));
afterAll(async () => {
  await folder.remove();
  await team.stop();
});

const change = (branch: string) =>
  propose(team.as.alice, { branch, path: `${branch}.txt`, content: `${branch}\n` });
const at = (pull: { number: number }) => ({ ...HERE, pull_number: pull.number });
const REVIEWS = { required_approving_review_count: 1 };

/** A fresh clone of main as alice, and what a push of it is answered. */
async function clone(name: string) {
  const [token = ''] = team.sandbox.state.users.get('alice')?.tokens ?? [];
  await git(folder.path, 'clone', '-q', team.sandbox.cloneUrl(team.repository, token), name);
  const work = join(folder.path, name);
  const push = (...args: string[]) =>
    git(work, 'push', '-q', 'origin', ...args).then(
      () => 'pushed',
      (error: Error) => error.message,
    );
  return { run: (...args: string[]) => git(work, ...args), push };
}

test('only who is listed may push or merge, an App by its name, and administrators', async () => {
  const { alice, bob, bot, otherBot, dave, root } = team.as;
  const { data } = await protect(team, {
    restrictions: { users: ['bob'], teams: ['sre'], apps: ['sluice'] },
  });
  expect(data.restrictions?.apps.map((app) => app.slug)).toEqual(['sluice']);
  const refused = {
    status: 405,
    message:
      "You're not authorized to push to this branch. Visit https://docs.github.com/articles/about-protected-branches/ for more information.",
  };
  const pulls = [
    await change('listed-1'),
    await change('listed-2'),
    await change('listed-3'),
    await change('listed-4'),
  ];
  const [first, second, third, fourth] = pulls.map(at);
  if (!first || !second || !third || !fourth) throw new Error('pull requests are missing');
  expect(await refusal(alice.pulls.merge(first))).toEqual(refused);
  expect(await mergeableState(alice, first.pull_number)).toBe('blocked');
  expect(await mergeableState(bob, first.pull_number)).toBe('clean');
  expect(await refusal(otherBot.pulls.merge(first))).toEqual(refused);
  for (const [who, pull] of [
    [bob, first],
    [bot, second],
    [dave, third],
    [root, fourth],
  ] as const)
    expect((await who.pulls.merge(pull)).data.merged).toBe(true);
  const { run, push } = await clone('listed');
  await run('commit', '-q', '--allow-empty', '-m', 'By hand');
  expect(await push('main')).toContain("You're not authorized to push to this branch");
});

test('a linear history takes no merge commit, pushed or made by the button', async () => {
  const { bob } = team.as;
  await protect(team, { required_linear_history: true });
  const pull = await change('linear');
  expect(await refusal(bob.pulls.merge(at(pull)))).toEqual({
    status: 405,
    message: 'This branch must not contain merge commits.',
  });
  const { run, push } = await clone('linear');
  await run('merge', '-q', '--no-ff', '-m', 'Merge', 'origin/linear');
  expect(await push('main')).toContain('This branch must not contain merge commits.');
  expect((await bob.pulls.merge({ ...at(pull), merge_method: 'rebase' })).data.merged).toBe(true);
});

test('force pushes and deletions are blocked until they are allowed', async () => {
  const { root } = team.as;
  const { run, push } = await clone('forced');
  await run('push', '-q', 'origin', 'main:guarded');
  const guard = (allowed: boolean) =>
    root.repos.updateBranchProtection({
      ...HERE,
      branch: 'guarded',
      required_status_checks: null,
      enforce_admins: false,
      required_pull_request_reviews: null,
      restrictions: null,
      allow_force_pushes: allowed,
      allow_deletions: allowed,
    });
  await guard(false);
  await run('commit', '-q', '--amend', '-m', 'Another past');
  expect(await push('--force', 'HEAD:guarded')).toContain('Cannot force-push to this branch');
  expect(await push(':guarded')).toContain('Cannot delete this branch');
  await guard(true);
  expect(await push('--force', 'HEAD:guarded')).toBe('pushed');
  expect(await push(':guarded')).toBe('pushed');
});

test('a locked branch takes nothing, from nobody that protection binds', async () => {
  const { bob, root } = team.as;
  const pull = await change('locked');
  await protect(team, { lock_branch: true });
  expect(await mergeableState(bob, pull.number)).toBe('blocked');
  for (const who of [bob, root])
    expect(await refusal(who.pulls.merge(at(pull)))).toEqual({
      status: 405,
      message: 'Cannot change this locked branch',
    });
  await root.repos.deleteAdminBranchProtection({ ...HERE, branch: 'main' });
  expect((await refusal(bob.pulls.merge(at(pull)))).status).toBe(405);
  expect((await root.pulls.merge(at(pull))).data.merged).toBe(true);
});

test('required signatures: a commit by git is refused, one of an App and a squash are verified', async () => {
  const { alice, bob, bot, root } = team.as;
  await protect(team, {});
  await root.repos.createCommitSignatureProtection({ ...HERE, branch: 'main' });
  const { run, push } = await clone('signed');
  await run('commit', '-q', '--allow-empty', '-m', 'Unsigned');
  expect(await push('main')).toContain('Commits must have verified signatures.');
  const unsigned = await change('unsigned');
  expect(await refusal(bob.pulls.merge(at(unsigned)))).toEqual({
    status: 405,
    message: 'Commits must have verified signatures.',
  });
  const { data: merged } = await bob.pulls.merge({ ...at(unsigned), merge_method: 'squash' });
  const { data: commit } = await alice.repos.getCommit({ ...HERE, ref: merged.sha });
  expect(commit.commit.verification).toMatchObject({ verified: true, reason: 'valid' });
  await commitFile(bot, { branch: 'by-app', path: 'by-app.txt', content: '1\n' });
  const pull = await bot.pulls.create({ ...HERE, title: 'By the App', head: 'by-app', base: 'main' });
  expect((await bob.pulls.merge(at(pull.data))).data.merged).toBe(true);
});

test('an open conversation blocks the merge until it is resolved', async () => {
  const { alice, bob, carol } = team.as;
  await protect(team, { required_conversation_resolution: true });
  const pull = await change('talk');
  const comment = await bob.pulls.createReviewComment({
    ...at(pull),
    body: 'Why?',
    commit_id: pull.head.sha,
    path: 'talk.txt',
    line: 1,
  });
  await alice.pulls.createReplyForReviewComment({
    ...at(pull),
    comment_id: comment.data.id,
    body: 'Because.',
  });
  expect(await mergeableState(bob, pull.number)).toBe('blocked');
  expect(await refusal(bob.pulls.merge(at(pull)))).toEqual({
    status: 405,
    message: 'A conversation must be resolved before this pull request can be merged.',
  });
  const found = await alice.graphql<{
    repository: {
      pullRequest: {
        reviewThreads: { nodes: { id: string; isResolved: boolean; comments: { totalCount: number } }[] };
      };
    };
  }>(
    `query($owner: String!, $repo: String!, $number: Int!) { repository(owner: $owner, name: $repo) {
      pullRequest(number: $number) { reviewThreads(first: 10) { nodes { id isResolved comments(first: 5) { totalCount } } } } } }`,
    { ...HERE, number: pull.number },
  );
  const [thread, ...others] = found.repository.pullRequest.reviewThreads.nodes;
  expect([thread?.isResolved, thread?.comments.totalCount, others]).toEqual([false, 2, []]);
  const resolve =
    'mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved resolvedBy { login } } } }';
  expect(await graphProblem(carol.graphql(resolve, { id: thread?.id }))).toContain('write access');
  const heard = await listen(team);
  expect(await alice.graphql(resolve, { id: thread?.id })).toEqual({
    resolveReviewThread: { thread: { isResolved: true, resolvedBy: { login: 'alice' } } },
  });
  expect((await heard('pull_request_review_thread')).map(({ name }) => name)).toEqual([
    'pull_request_review_thread.resolved',
  ]);
  expect((await bob.pulls.merge(at(pull))).data.merged).toBe(true);
});

test('the last push must be approved by somebody else, and a reviewer who wants changes blocks', async () => {
  const { alice, bob, dave } = team.as;
  await protect(team, { required_pull_request_reviews: { ...REVIEWS, require_last_push_approval: true } });
  const pull = await change('last-push');
  const approve = (who: typeof bob) => who.pulls.createReview({ ...at(pull), event: 'APPROVE' });
  await approve(dave);
  await commitFile(bob, { branch: 'last-push', path: 'last-push.txt', content: 'bob was here\n' });
  await approve(bob);
  expect((await refusal(alice.pulls.merge(at(pull)))).message).toBe(
    'New changes require approval from someone other than the last pusher.',
  );
  await approve(dave);
  expect((await alice.pulls.merge(at(pull))).data.merged).toBe(true);
});

test('code owners are asked only where an approval is required at all', async () => {
  const { bob, dave, root } = team.as;
  await commitFile(root, { branch: 'main', path: 'CODEOWNERS', content: '* @acme/sre\n*.md @bob\n' });
  const ask = (required_approving_review_count: number) =>
    protect(team, {
      required_pull_request_reviews: { required_approving_review_count, require_code_owner_reviews: true },
    });
  const first = await change('owned-1');
  const second = await change('owned-2');
  await ask(1);
  await bob.pulls.createReview({ ...at(first), event: 'APPROVE' });
  expect((await refusal(bob.pulls.merge(at(first)))).message).toContain('code owner review from @acme/sre');
  await ask(0);
  expect((await bob.pulls.merge(at(first))).data.merged).toBe(true);
  await ask(1);
  await dave.pulls.createReview({ ...at(second), event: 'APPROVE' });
  expect((await bob.pulls.merge(at(second))).data.merged).toBe(true);
});

test('whoever is allowed to do without a pull request pushes and merges without a review', async () => {
  const { alice, bob } = team.as;
  const allowances = { users: ['bob'], teams: [], apps: [] };
  await protect(team, {
    required_pull_request_reviews: { ...REVIEWS, bypass_pull_request_allowances: allowances },
  });
  const pull = await change('allowed');
  expect((await refusal(alice.pulls.merge(at(pull)))).message).toContain('At least 1 approving review');
  expect((await bob.pulls.merge(at(pull))).data.merged).toBe(true);
  await commitFile(bob, { branch: 'main', path: 'direct.txt', content: 'direct\n' });
  const refused = await refusal(
    commitFile(alice, { branch: 'main', path: 'direct.txt', content: 'alice\n' }),
  );
  expect(refused.message).toContain('Changes must be made through a pull request.');
});

test('reviews may only be dismissed by who is listed for it', async () => {
  const { alice, bob, dave } = team.as;
  const dismissal = { users: ['dave'], teams: [], apps: [] };
  await protect(team, { required_pull_request_reviews: { ...REVIEWS, dismissal_restrictions: dismissal } });
  const pull = await change('dismissed');
  const review = await bob.pulls.createReview({ ...at(pull), event: 'APPROVE' });
  const input = { ...at(pull), review_id: review.data.id, message: 'not yet' };
  expect((await refusal(alice.pulls.dismissReview(input))).status).toBe(403);
  expect((await dave.pulls.dismissReview(input)).data.state).toBe('DISMISSED');
  expect(await mergeableState(bob, pull.number)).toBe('blocked');
});
