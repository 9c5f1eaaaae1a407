import { commitFile, HERE, propose, type Team, textAt } from './collaboration-world.ts';
import { refusal } from './core-clients.ts';
import {
  graphProblem,
  listen,
  mergeableState,
  NO_REVIEWS,
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
afterEach(() => unprotect(team));
afterAll(() => team.stop());

const at = (pull: { number: number }) => ({ ...HERE, pull_number: pull.number });
const guard = (method?: 'SQUASH') => ruleset(team, [requireChecks({ context: 'ci' }), requireQueue(method)]);

/** A pull request whose own check has passed. */
async function ready(branch: string, path = `${branch}.txt`) {
  const pull = await propose(team.as.alice, { branch, path, content: `${branch}\n` });
  await status(team.as.alice, pull.head.sha, 'ci', 'success');
  return pull;
}

interface Entry {
  position: number;
  state: string;
  headCommit: { oid: string } | null;
  baseCommit: { oid: string } | null;
}

const ENQUEUE = `mutation($id: ID!, $jump: Boolean = false) { enqueuePullRequest(input: {pullRequestId: $id, jump: $jump}) {
  mergeQueueEntry { position state headCommit { oid } baseCommit { oid } } } }`;

async function enqueue(pull: { node_id: string }, who = team.as.bob): Promise<Entry> {
  const answer = await who.graphql<{ enqueuePullRequest: { mergeQueueEntry: Entry } }>(ENQUEUE, {
    id: pull.node_id,
  });
  return answer.enqueuePullRequest.mergeQueueEntry;
}

async function queue() {
  const { repository } = await team.as.bob.graphql<{
    repository: { mergeQueue: { entries: { nodes: (Entry & { pullRequest: { number: number } })[] } } };
  }>(
    `query($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { mergeQueue(branch: "main") {
      entries(first: 10) { nodes { position state headCommit { oid } baseCommit { oid } pullRequest { number } } } } } }`,
    HERE,
  );
  return repository.mergeQueue.entries.nodes;
}

const tip = async (ref = 'heads/main') => (await team.as.bob.git.getRef({ ...HERE, ref })).data.object.sha;

test('the queue tests the merge on a branch of its own and moves the base to exactly that', async () => {
  const { alice, bob } = team.as;
  await guard();
  const pull = await ready('queued');
  const before = await tip();
  expect(await mergeableState(bob, pull.number)).toBe('clean');
  expect(await refusal(bob.pulls.merge(at(pull)))).toEqual({
    status: 405,
    message: 'Repository rule violations found\n\nChanges must be made through the merge queue\n\n',
  });
  const heard = await listen(team);
  const entry = await enqueue(pull);
  const head = entry.headCommit?.oid ?? '';
  expect([entry.position, entry.state, entry.baseCommit?.oid]).toEqual([1, 'AWAITING_CHECKS', before]);
  const branch = `gh-readonly-queue/main/pr-${pull.number}-${before}`;
  expect(await tip(`heads/${branch}`)).toBe(head);
  expect(await tip()).toBe(before);
  expect((await refusal(alice.git.updateRef({ ...HERE, ref: `heads/${branch}`, sha: before }))).status).toBe(
    422,
  );
  await status(alice, head, 'ci', 'success');
  expect(await tip()).toBe(head);
  const { data: merged } = await bob.pulls.get(at(pull));
  expect([merged.merged, merged.merge_commit_sha, merged.merged_by?.login]).toEqual([
    true,
    head,
    'github-merge-queue[bot]',
  ]);
  expect((await refusal(bob.git.getRef({ ...HERE, ref: `heads/${branch}` }))).status).toBe(404);
  const events = await heard('pull_request', 'merge_group');
  expect(events.map(({ name }) => name)).toEqual([
    'pull_request.enqueued',
    'merge_group.checks_requested',
    'pull_request.closed',
    'pull_request.dequeued',
    'merge_group.destroyed',
  ]);
  expect(events[1]?.payload.merge_group).toMatchObject({
    head_sha: head,
    head_ref: `refs/heads/${branch}`,
    base_sha: before,
    base_ref: 'refs/heads/main',
    head_commit: { id: head, message: expect.stringContaining(`Merge pull request #${pull.number}`) },
  });
  expect([events[3]?.payload.reason, events[4]?.payload.reason]).toEqual(['MERGE', 'merged']);
});

test('entries are tested on top of each other, and one that fails leaves without those behind it', async () => {
  const { alice, bob } = team.as;
  await guard('SQUASH');
  const pulls = [await ready('train-1'), await ready('train-2'), await ready('train-3')];
  const before = await tip();
  for (const pull of pulls) await enqueue(pull);
  const [first, second, third] = await queue();
  expect([first, second, third].map((entry) => entry?.baseCommit?.oid)).toEqual([
    before,
    first?.headCommit?.oid,
    second?.headCommit?.oid,
  ]);
  const heard = await listen(team);
  // What is behind waits for what is before it.
  await status(alice, third?.headCommit?.oid ?? '', 'ci', 'success');
  expect(await tip()).toBe(before);
  await status(alice, second?.headCommit?.oid ?? '', 'ci', 'failure');
  const rest = await queue();
  expect(rest.map((entry) => entry.pullRequest.number)).toEqual([pulls[0]?.number, pulls[2]?.number]);
  expect(rest[1]?.baseCommit?.oid).toBe(first?.headCommit?.oid);
  expect(rest[1]?.headCommit?.oid).not.toBe(third?.headCommit?.oid);
  const events = await heard('pull_request', 'merge_group');
  expect(events.map(({ name, payload }) => [name, payload.reason])).toEqual([
    ['pull_request.dequeued', 'CI_FAILURE'],
    ['merge_group.destroyed', 'dequeued'],
    ['merge_group.destroyed', 'invalidated'],
    ['merge_group.checks_requested', undefined],
  ]);
  for (const entry of rest) await status(alice, entry.headCommit?.oid ?? '', 'ci', 'success');
  expect(await tip()).toBe(rest[1]?.headCommit?.oid);
  const states = await Promise.all(pulls.map(async (pull) => (await bob.pulls.get(at(pull))).data.merged));
  expect(states).toEqual([true, false, true]);
  const { data: commit } = await bob.repos.getCommit({ ...HERE, ref: 'main' });
  expect([commit.commit.message, commit.parents.length, commit.commit.verification?.verified]).toEqual([
    `Change train-3.txt (#${pulls[2]?.number})`,
    1,
    true,
  ]);
});

test('a queue takes only what is ready, once, and from who can write', async () => {
  const { alice, bob, carol, root } = team.as;
  const plain = await ready('no-queue');
  expect(await graphProblem(bob.graphql(ENQUEUE, { id: plain.node_id }))).toContain('not enabled');
  await ruleset(team, [
    requireChecks({ context: 'ci' }),
    requireQueue(),
    { type: 'pull_request', parameters: { ...NO_REVIEWS, required_approving_review_count: 1 } },
  ]);
  expect(await graphProblem(bob.graphql(ENQUEUE, { id: plain.node_id }))).toContain(
    'At least 1 approving review',
  );
  await bob.pulls.createReview({ ...at(plain), event: 'APPROVE' });
  expect(await graphProblem(carol.graphql(ENQUEUE, { id: plain.node_id }))).toContain('write access');
  await enqueue(plain);
  expect(await graphProblem(root.graphql(ENQUEUE, { id: plain.node_id }))).toBe(
    'Pull request is already in the queue',
  );
  expect(await graphProblem(bob.graphql(ENQUEUE, { id: 'bm90aGluZw==' }))).toContain(
    'Could not resolve to a node',
  );
  const unknown = 'mutation { deleteEverything(input: {}) { clientMutationId } }';
  expect(await graphProblem(bob.graphql(unknown))).toBe(
    "Field 'deleteEverything' doesn't exist on type 'Mutation'",
  );
  const heard = await listen(team);
  // A review that is gone takes the pull request out again.
  const { data: reviews } = await bob.pulls.listReviews(at(plain));
  await alice.pulls.dismissReview({ ...at(plain), review_id: reviews[0]?.id ?? 0, message: 'no' });
  expect(await queue()).toEqual([]);
  expect((await heard('pull_request')).map(({ name, payload }) => [name, payload.reason])).toEqual([
    ['pull_request.dequeued', 'BRANCH_PROTECTIONS'],
  ]);
});

test('a pull request leaves the queue: by hand, by a push, by a conflict, and when its checks are silent', async () => {
  const { alice, bob } = team.as;
  await guard();
  const reasons = async (work: () => Promise<unknown>) => {
    const heard = await listen(team);
    await work();
    const events = await heard('pull_request');
    return events.filter(({ name }) => name === 'pull_request.dequeued').map(({ payload }) => payload.reason);
  };
  const byHand = await ready('by-hand');
  await enqueue(byHand);
  const leave =
    'mutation($id: ID!) { dequeuePullRequest(input: {id: $id}) { mergeQueueEntry { position } } }';
  expect(await reasons(() => bob.graphql(leave, { id: byHand.node_id }))).toEqual(['MANUAL']);
  expect(await graphProblem(bob.graphql(leave, { id: byHand.node_id }))).toContain('not in the queue');
  const pushed = await ready('pushed-in-queue');
  await enqueue(pushed);
  const push = () => commitFile(alice, { branch: 'pushed-in-queue', path: 'more.txt', content: 'more\n' });
  expect(await reasons(push)).toEqual(['UNKNOWN_REMOVAL_REASON']);
  const one = await ready('same-1', 'values.yaml');
  const two = await ready('same-2', 'values.yaml');
  await enqueue(one);
  expect(await reasons(() => enqueue(two))).toEqual(['MERGE_CONFLICT']);
  expect((await queue()).map((entry) => entry.pullRequest.number)).toEqual([one.number]);
  team.clock.now += 61 * 60_000;
  expect(
    await reasons(() => alice.issues.addLabels({ ...HERE, issue_number: one.number, labels: ['late'] })),
  ).toEqual(['CI_TIMEOUT']);
  expect(await textAt(bob, 'values.yaml')).toContain('line1: old');
});

test('a base that somebody moves past the queue has what is queued tested again on it', async () => {
  const { alice } = team.as;
  const admins = [{ actor_id: 5, actor_type: 'RepositoryRole' as const, bypass_mode: 'always' as const }];
  await ruleset(team, [requireChecks({ context: 'ci' }), requireQueue()], admins);
  const pull = await ready('overtaken');
  const { headCommit } = await enqueue(pull);
  await commitFile(team.as.root, { branch: 'main', path: 'urgent.txt', content: 'urgent\n' });
  const [entry] = await queue();
  expect([entry?.baseCommit?.oid, entry?.headCommit?.oid === headCommit?.oid]).toEqual([await tip(), false]);
  await status(alice, headCommit?.oid ?? '', 'ci', 'success');
  expect((await queue()).length).toBe(1);
  await status(alice, entry?.headCommit?.oid ?? '', 'ci', 'success');
  expect(await textAt(alice, 'overtaken.txt')).toBe('overtaken\n');
  expect(await textAt(alice, 'urgent.txt')).toBe('urgent\n');
});

test('on the commit of the queue too a check counts only from the App that it is pinned to', async () => {
  const { bob, bot, otherBot } = team.as;
  await ruleset(team, [
    requireChecks({ context: 'gates', integration_id: team.sluice.id }),
    requireQueue('REBASE'),
  ]);
  const pull = await propose(team.as.alice, { branch: 'pinned', path: 'pinned.txt', content: 'pinned\n' });
  const pass = (who: typeof bot, head_sha: string) =>
    who.checks.create({ ...HERE, name: 'gates', head_sha, conclusion: 'success' });
  await pass(bot, pull.head.sha);
  const head = (await enqueue(pull)).headCommit?.oid ?? '';
  await pass(otherBot, head);
  expect((await queue()).length).toBe(1);
  await pass(bot, head);
  const { data } = await bob.pulls.get(at(pull));
  expect([data.merged, data.merge_commit_sha, await tip()]).toEqual([true, head, head]);
});

test('there is no merge queue on the repository of a person', async () => {
  const { alice } = team.as;
  await team.sandbox.addRepository({ owner: 'alice', name: 'own', files: { 'a.txt': 'a\n' } });
  const made = alice.repos.createRepoRuleset({
    owner: 'alice',
    repo: 'own',
    name: 'queue',
    enforcement: 'active',
    rules: [requireQueue()],
  });
  expect((await refusal(made)).status).toBe(422);
});
