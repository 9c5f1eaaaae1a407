import { join } from 'node:path';
import { commitFile, fork, HERE, propose, type Team } from './collaboration-world.ts';
import { git, temporaryDirectory } from './core-clients.ts';
import {
  graphProblem,
  listen,
  protect,
  requireChecks,
  requireQueue,
  ruleset,
  startProtectedTeam,
  status,
  unprotect,
} from './protection-world.ts';

let team: Team;
beforeAll(async () => {
  team = await startProtectedTeam();
});
beforeEach(() => unprotect(team));
afterAll(() => team.stop());

const at = (pull: { number: number }) => ({ ...HERE, pull_number: pull.number });
const change = (branch: string) =>
  propose(team.as.alice, { branch, path: `${branch}.txt`, content: `${branch}\n` });

const ENABLE = `mutation($id: ID!, $how: PullRequestMergeMethod = MERGE, $title: String) {
  enablePullRequestAutoMerge(input: {pullRequestId: $id, mergeMethod: $how, commitHeadline: $title}) {
    pullRequest { autoMergeRequest { mergeMethod enabledBy { login } } } } }`;

test('auto-merge merges as soon as the last requirement is met, as who asked for it wanted', async () => {
  const { alice, bob } = team.as;
  await protect(team, {
    required_status_checks: { strict: false, contexts: ['ci'] },
    required_pull_request_reviews: { required_approving_review_count: 1 },
  });
  const pull = await change('auto');
  const heard = await listen(team);
  const enabled = await bob.graphql(ENABLE, { id: pull.node_id, how: 'SQUASH', title: 'As bob says' });
  expect(enabled).toEqual({
    enablePullRequestAutoMerge: {
      pullRequest: { autoMergeRequest: { mergeMethod: 'SQUASH', enabledBy: { login: 'bob' } } },
    },
  });
  expect((await alice.pulls.get(at(pull))).data.auto_merge).toMatchObject({
    enabled_by: { login: 'bob' },
    merge_method: 'squash',
    commit_title: 'As bob says',
  });
  await status(alice, pull.head.sha, 'ci', 'success');
  expect((await alice.pulls.get(at(pull))).data.merged).toBe(false);
  await bob.pulls.createReview({ ...at(pull), event: 'APPROVE' });
  const { data } = await alice.pulls.get(at(pull));
  expect([data.merged, data.merged_by?.login]).toEqual([true, 'bob']);
  const { data: commit } = await alice.repos.getCommit({ ...HERE, ref: data.merge_commit_sha ?? '' });
  expect([commit.commit.message, commit.parents.length]).toEqual(['As bob says', 1]);
  expect((await heard('pull_request')).map(({ name }) => name)).toEqual([
    'pull_request.auto_merge_enabled',
    'pull_request.closed',
  ]);
});

test('auto-merge is refused where it is off, and for what could be merged at once', async () => {
  const { bob, carol } = team.as;
  const pull = await change('refused');
  expect(await graphProblem(bob.graphql(ENABLE, { id: pull.node_id }))).toBe(
    'Pull request Pull request is in clean status',
  );
  await protect(team, { required_status_checks: { strict: false, contexts: ['ci'] } });
  expect(await graphProblem(carol.graphql(ENABLE, { id: pull.node_id }))).toContain('write access');
  team.repository.allowAutoMerge = false;
  expect(await graphProblem(bob.graphql(ENABLE, { id: pull.node_id }))).toBe(
    'Auto merge is not allowed for this repository',
  );
});

test('auto-merge is taken back by hand, by closing, and by a push of who cannot write', async () => {
  const { alice, bob, carol } = team.as;
  await protect(team, { required_status_checks: { strict: false, contexts: ['ci'] } });
  const reasons = async (work: () => Promise<unknown>) => {
    const heard = await listen(team);
    await work();
    const events = await heard('pull_request');
    return events
      .filter(({ name }) => name.endsWith('auto_merge_disabled'))
      .map(({ payload }) => payload.reason);
  };
  const pull = await change('taken-back');
  await bob.graphql(ENABLE, { id: pull.node_id });
  const disable = `mutation($id: ID!) { disablePullRequestAutoMerge(input: {pullRequestId: $id}) {
    pullRequest { autoMergeRequest { mergeMethod } } } }`;
  expect(await reasons(() => bob.graphql(disable, { id: pull.node_id }))).toHaveLength(1);
  await status(alice, pull.head.sha, 'ci', 'success');
  expect((await bob.pulls.get(at(pull))).data.merged).toBe(false);
  const closed = await change('closed');
  await bob.graphql(ENABLE, { id: closed.node_id });
  expect(await reasons(() => bob.pulls.update({ ...at(closed), state: 'closed' }))).toEqual([
    'Pull request was closed',
  ]);
  const foreign = await proposeFromFork();
  await bob.graphql(ENABLE, { id: foreign.node_id });
  const push = () =>
    commitFile(carol, { owner: 'carol', branch: 'fix', path: 'fix.txt', content: 'worse\n' });
  expect(await reasons(push)).toEqual(['Head branch was pushed to by a user without write access']);
  expect((await bob.pulls.get(at(foreign))).data.auto_merge).toBeNull();
});

/** A pull request of carol, who cannot write here. */
async function proposeFromFork() {
  const copy = await fork(team.sandbox, team.repository, 'carol');
  const folder = await temporaryDirectory();
  const [token = ''] = team.sandbox.state.users.get('carol')?.tokens ?? [];
  await git(folder.path, 'clone', '-q', team.sandbox.cloneUrl(team.repository, token), 'work');
  await git(join(folder.path, 'work'), 'push', '-q', '--force', team.sandbox.cloneUrl(copy, token), 'main');
  await folder.remove();
  await commitFile(team.as.carol, { owner: 'carol', branch: 'fix', path: 'fix.txt', content: 'fixed\n' });
  return (await team.as.carol.pulls.create({ ...HERE, title: 'Fix', head: 'carol:fix', base: 'main' })).data;
}

test('with a merge queue auto-merge puts the pull request into it', async () => {
  const { alice, bob } = team.as;
  await ruleset(team, [requireChecks({ context: 'ci' }), requireQueue()]);
  const pull = await change('auto-queued');
  await bob.graphql(ENABLE, { id: pull.node_id });
  const heard = await listen(team);
  await status(alice, pull.head.sha, 'ci', 'success');
  const events = await heard('pull_request', 'merge_group');
  expect(events.map(({ name }) => name)).toEqual(['pull_request.enqueued', 'merge_group.checks_requested']);
  const { head_sha } = (events[1]?.payload.merge_group ?? {}) as { head_sha: string };
  await status(alice, head_sha, 'ci', 'success');
  expect((await bob.pulls.get(at(pull))).data).toMatchObject({ merged: true, merge_commit_sha: head_sha });
});

test('a branch brought up to date by git push merges by itself when its check is there already', async () => {
  const { alice, bob, root } = team.as;
  const pull = await change('strict-auto');
  await commitFile(root, { branch: 'main', path: 'moved.txt', content: 'moved\n' });
  await protect(team, { required_status_checks: { strict: true, contexts: ['ci'] } });
  await status(alice, pull.head.sha, 'ci', 'success');
  await bob.graphql(ENABLE, { id: pull.node_id });
  expect((await bob.pulls.get(at(pull))).data.mergeable_state).toBe('behind');
  const folder = await temporaryDirectory();
  const [token = ''] = team.sandbox.state.users.get('alice')?.tokens ?? [];
  await git(folder.path, 'clone', '-q', team.sandbox.cloneUrl(team.repository, token), 'work');
  const work = join(folder.path, 'work');
  await git(work, 'checkout', '-q', 'strict-auto');
  await git(work, 'merge', '-q', '-m', 'Up to date', 'origin/main');
  const head = await git(work, 'rev-parse', 'HEAD');
  await git(work, 'push', '-q', 'origin', 'strict-auto:tested');
  await status(alice, head, 'ci', 'success');
  await git(work, 'push', '-q', 'origin', 'strict-auto');
  await folder.remove();
  expect((await bob.pulls.get(at(pull))).data).toMatchObject({ merged: true, merged_by: { login: 'bob' } });
});
