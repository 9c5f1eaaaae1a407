import { commitFile, HERE, propose, received, startTeam, type Team } from './collaboration-world.ts';
import { refusal } from './core-clients.ts';

let team: Team;
beforeAll(async () => {
  team = await startTeam();
  team.sluice.events.push('pull_request_review_comment');
});
afterAll(() => team.stop());
beforeEach(async () => {
  await team.sandbox.idle();
  team.hooks.received.length = 0;
});

async function arrived(kind: RegExp) {
  const all = await received(team.sandbox, team.hooks);
  return all
    .map(({ event, payload }) => ({ name: `${event}.${payload.action}`, payload }))
    .filter(({ name }) => kind.test(name));
}

test('a branch is updated with its base, once, and only from the head that was expected', async () => {
  const { alice, carol, bob } = team.as;
  const pull = await propose(alice, { branch: 'behind', path: 'behind.txt', content: 'x\n' });
  const at = { ...HERE, pull_number: pull.number };
  expect(await refusal(alice.pulls.updateBranch(at))).toEqual({
    status: 422,
    message: 'There are no new commits on the base branch.',
  });
  await commitFile(bob, { branch: 'main', path: 'ahead.txt', content: 'x\n' });
  const stale = alice.pulls.updateBranch({ ...at, expected_head_sha: '1'.repeat(40) });
  expect((await refusal(stale)).status).toBe(422);
  expect((await refusal(carol.pulls.updateBranch(at))).status).toBe(403);
  const updated = await alice.pulls.updateBranch({ ...at, expected_head_sha: pull.head.sha });
  expect([updated.status, updated.data.message]).toEqual([202, 'Updating pull request branch.']);
  const { data } = await alice.pulls.get(at);
  const { data: merge } = await alice.repos.getCommit({ ...HERE, ref: data.head.sha });
  expect(merge.commit.message).toBe("Merge branch 'main' into behind");
  expect(merge.parents.map((one) => one.sha)).toEqual([pull.head.sha, data.base.sha]);
  expect((await arrived(/^pull_request\.synchronize/)).map(({ payload }) => payload.after)).toEqual([
    data.head.sha,
  ]);
});

test('a conflict with the base is not merged into the branch', async () => {
  const { alice, bob } = team.as;
  const pull = await propose(alice, { branch: 'clash', path: 'clash.txt', content: 'one\n' });
  await commitFile(bob, { branch: 'main', path: 'clash.txt', content: 'two\n' });
  expect(await refusal(alice.pulls.updateBranch({ ...HERE, pull_number: pull.number }))).toEqual({
    status: 422,
    message: 'merge conflict between base and head',
  });
});

test('owners of what changes are asked when a pull request is opened, or no draft any more', async () => {
  const { alice, bob } = team.as;
  const owners = 'envs/prod/ @bob @acme/sre\nenvs/dev/ @alice @carol\n';
  await commitFile(bob, { branch: 'main', path: '.github/CODEOWNERS', content: owners });
  const dev = await propose(alice, { branch: 'dev', path: 'envs/dev/app.yaml', content: 'tag: 2\n' });
  const requested = async (pull_number: number) => {
    const { data } = await alice.pulls.listRequestedReviewers({ ...HERE, pull_number });
    return [data.users.map((one) => one.login), data.teams.map((one) => one.slug)];
  };
  // Neither the author nor somebody without write access.
  expect(await requested(dev.number)).toEqual([[], []]);
  await commitFile(alice, { branch: 'prod', path: 'envs/prod/app.yaml', content: 'tag: 2\n' });
  const draft = { ...HERE, title: 'Prod', head: 'prod', base: 'main', draft: true };
  const { data: prod } = await alice.pulls.create(draft);
  expect([prod.draft, await requested(prod.number)]).toEqual([true, [[], []]]);
  const ready =
    'mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { clientMutationId } }';
  await alice.graphql(ready, { id: prod.node_id });
  expect(await requested(prod.number)).toEqual([['bob'], ['sre']]);
  const names = (await arrived(/^pull_request\.(ready|review_)/)).map(({ name }) => name);
  expect(names).toEqual([
    'pull_request.ready_for_review',
    'pull_request.review_requested',
    'pull_request.review_requested',
  ]);
  await alice.pulls.removeRequestedReviewers({ ...HERE, pull_number: prod.number, reviewers: ['bob'] });
  expect(
    (await arrived(/review_request_removed/)).map(({ payload }) => payload.requested_reviewer),
  ).toMatchObject([{ login: 'bob' }]);
});

test('a comment stands on a line of the diff, and is answered there', async () => {
  const { alice, bob } = team.as;
  const pull = await propose(alice, { branch: 'lines', path: 'lines.txt', content: 'one\ntwo\n' });
  const at = { ...HERE, pull_number: pull.number };
  const place = { ...at, commit_id: pull.head.sha, path: 'lines.txt', body: 'Why two?' };
  expect((await refusal(bob.pulls.createReviewComment({ ...place, line: 9 }))).status).toBe(422);
  const elsewhere = { ...place, path: 'values.yaml', line: 1 };
  expect((await refusal(bob.pulls.createReviewComment(elsewhere))).status).toBe(422);
  const { data: comment } = await bob.pulls.createReviewComment({ ...place, line: 2 });
  expect([comment.line, comment.diff_hunk]).toEqual([2, '@@ -0,0 +1,2 @@\n+one\n+two']);
  const answer = { ...at, comment_id: comment.id, body: 'It is enough.' };
  const { data: reply } = await alice.pulls.createReplyForReviewComment(answer);
  expect([reply.in_reply_to_id, reply.path]).toEqual([comment.id, 'lines.txt']);
  const nested = alice.pulls.createReplyForReviewComment({ ...answer, comment_id: reply.id });
  expect((await refusal(nested)).status).toBe(404);
  await bob.pulls.updateReviewComment({ ...HERE, comment_id: comment.id, body: 'Why not three?' });
  const { data } = await alice.pulls.listReviewComments(at);
  expect(data.map((one) => one.body)).toEqual(['Why not three?', 'It is enough.']);
  const names = (await arrived(/review/)).map(({ name }) => name.replace('pull_request_', ''));
  expect(names).toEqual([
    ...['review_comment.created', 'review.submitted', 'review_comment.created', 'review.submitted'],
    'review_comment.edited',
  ]);
});

test('the list is filtered and sorted, and the files of one end at a limit', async () => {
  const { alice } = team.as;
  const pull = await propose(alice, { branch: 'talked-about', path: 'talk.txt', content: 'x\n' });
  await alice.issues.createComment({ ...HERE, issue_number: pull.number, body: 'one' });
  const numbers = async (query: Record<string, string>) =>
    (await alice.pulls.list({ ...HERE, ...query })).data.map((one) => one.number);
  expect(await numbers({ head: 'acme:talked-about' })).toEqual([pull.number]);
  expect((await numbers({ sort: 'popularity', direction: 'desc' }))[0]).toBe(pull.number);
  const ascending = await numbers({ direction: 'asc' });
  expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
  expect(await numbers({ base: 'none' })).toEqual([]);
  expect(await numbers({ sort: 'long-running' })).toEqual([]);
  const { truncation } = team.sandbox.state;
  truncation.pullFiles = 0;
  const files = await alice.pulls.listFiles({ ...HERE, pull_number: pull.number });
  truncation.pullFiles = 3000;
  expect(files.data).toEqual([]);
});

test('the commits of a pull request come oldest first and in pages, and end at a limit', async () => {
  const { alice } = team.as;
  const pull = await propose(alice, { branch: 'many', path: 'many.txt', content: '0\n' });
  const shas = [pull.head.sha];
  for (const content of ['1\n', '2\n'])
    shas.push(await commitFile(alice, { branch: 'many', path: 'many.txt', content }));
  const list = async () => {
    const pages = { ...HERE, pull_number: pull.number, per_page: 1 };
    return (await alice.paginate(alice.pulls.listCommits, pages)).map(({ sha }) => sha);
  };
  expect(await list()).toEqual(shas);
  const { truncation } = team.sandbox.state;
  expect(truncation.pullCommits).toBe(250);
  truncation.pullCommits = 2;
  expect(await list()).toEqual(shas.slice(0, 2));
  truncation.pullCommits = 250;
});
