import { commitFile, HERE, propose, type Team } from './collaboration-world.ts';
import { refusal } from './core-clients.ts';
import {
  DEFAULT_BRANCH,
  mergeableState,
  protect,
  requireChecks,
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

const change = (branch: string) =>
  propose(team.as.alice, { branch, path: `${branch}.txt`, content: `${branch}\n` });
const at = (pull: { number: number }) => ({ ...HERE, pull_number: pull.number });

test('a refusal counts the checks that are open and says how they stand', async () => {
  const { alice, bob, bot } = team.as;
  await protect(team, {
    required_status_checks: {
      strict: false,
      contexts: [],
      checks: ['a', 'b', 'c'].map((context) => ({ context })),
    },
  });
  const pull = await change('counted');
  const why = async () => (await refusal(bob.pulls.merge(at(pull)))).message;
  const report = (context: string, state: 'success' | 'failure' | 'pending') =>
    status(alice, pull.head.sha, context, state);
  expect(await why()).toBe('3 of 3 required status checks are expected.');
  await report('a', 'success');
  await report('b', 'failure');
  expect(await why()).toBe('2 of 3 required status checks have not succeeded: 1 expected and 1 failing.');
  await report('b', 'success');
  const run = await bot.checks.create({ ...HERE, name: 'c', head_sha: pull.head.sha });
  expect(await why()).toBe('Required status check "c" is queued.');
  await bot.checks.update({ ...HERE, check_run_id: run.data.id, status: 'in_progress' });
  expect(await why()).toBe('Required status check "c" is in progress.');
  expect(await mergeableState(bob, pull.number)).toBe('blocked');
  await bot.checks.update({ ...HERE, check_run_id: run.data.id, conclusion: 'neutral' });
  expect(await mergeableState(bob, pull.number)).toBe('clean');
  expect((await bob.pulls.merge(at(pull))).data.merged).toBe(true);
});

test('under strict a head that is behind is refused as if its checks had never run', async () => {
  const { alice, bob } = team.as;
  const pull = await change('behind');
  await commitFile(team.as.root, { branch: 'main', path: 'newer.txt', content: 'newer\n' });
  await protect(team, { required_status_checks: { strict: true, contexts: ['ci'] } });
  expect(await mergeableState(bob, pull.number)).toBe('blocked');
  await status(alice, pull.head.sha, 'ci', 'success');
  expect(await mergeableState(bob, pull.number)).toBe('behind');
  expect(await refusal(bob.pulls.merge(at(pull)))).toEqual({
    status: 405,
    message: 'Required status check "ci" is expected.',
  });
  await alice.pulls.updateBranch(at(pull));
  const { data: updated } = await bob.pulls.get(at(pull));
  await status(alice, updated.head.sha, 'ci', 'success');
  expect(await mergeableState(bob, pull.number)).toBe('clean');
  expect((await bob.pulls.merge(at(pull))).data.merged).toBe(true);
});

test('a check that only one App reported before is from then on required of that App', async () => {
  const { alice, bob, bot, otherBot } = team.as;
  const first = await change('reporter');
  await otherBot.checks.create({ ...HERE, name: 'build', head_sha: first.head.sha, conclusion: 'success' });
  const { data } = await protect(team, { required_status_checks: { strict: false, contexts: ['build'] } });
  expect(data.required_status_checks?.checks).toEqual([{ context: 'build', app_id: team.other.id }]);
  const pull = await change('reported');
  await status(alice, pull.head.sha, 'build', 'success');
  await bot.checks.create({ ...HERE, name: 'build', head_sha: pull.head.sha, conclusion: 'success' });
  expect((await refusal(bob.pulls.merge(at(pull)))).message).toBe(
    'Required status check "build" is expected.',
  );
  await otherBot.checks.create({ ...HERE, name: 'build', head_sha: pull.head.sha, conclusion: 'success' });
  expect((await bob.pulls.merge(at(pull))).data.merged).toBe(true);
});

test('of several rulesets and classic protection all must be satisfied, and what is not active asks nothing', async () => {
  const { alice, bob, root } = team.as;
  await protect(team, { required_status_checks: { strict: false, contexts: ['classic'] } });
  await ruleset(team, [requireChecks({ context: 'one' })]);
  await ruleset(team, [requireChecks({ context: 'two' })]);
  for (const enforcement of ['evaluate', 'disabled'] as const)
    await root.repos.createRepoRuleset({
      ...HERE,
      name: enforcement,
      enforcement,
      conditions: DEFAULT_BRANCH,
      rules: [requireChecks({ context: enforcement })],
    });
  const pull = await change('strictest');
  const why = async () => (await refusal(bob.pulls.merge(at(pull)))).message;
  expect(await why()).toBe(
    'Required status check "classic" is expected.\n\nRepository rule violations found\n\nRequired status check "one" is expected.\n\nRequired status check "two" is expected.\n\n',
  );
  await status(alice, pull.head.sha, 'classic', 'success');
  await status(alice, pull.head.sha, 'one', 'success');
  expect(await why()).toBe(
    'Repository rule violations found\n\nRequired status check "two" is expected.\n\n',
  );
  await status(alice, pull.head.sha, 'two', 'success');
  expect((await bob.pulls.merge(at(pull))).data.merged).toBe(true);
});

test('a check that nobody requires and that fails makes a pull request unstable, a draft is a draft', async () => {
  const { alice, bob } = team.as;
  const pull = await change('unstable');
  expect(await mergeableState(bob, pull.number)).toBe('clean');
  await status(alice, pull.head.sha, 'lint', 'failure');
  expect(await mergeableState(bob, pull.number)).toBe('unstable');
  await commitFile(alice, { branch: 'draft', path: 'draft.txt', content: 'draft\n' });
  const draft = await alice.pulls.create({
    ...HERE,
    title: 'Draft',
    head: 'draft',
    base: 'main',
    draft: true,
  });
  expect(await mergeableState(bob, draft.data.number)).toBe('draft');
  expect(await refusal(bob.pulls.merge(at(draft.data)))).toEqual({
    status: 405,
    message: 'Pull Request is still a draft',
  });
  await alice.graphql(
    'mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }',
    {
      id: draft.data.node_id,
    },
  );
  expect(await mergeableState(bob, draft.data.number)).toBe('clean');
  await bob.pulls.merge(at(draft.data));
  expect(await mergeableState(bob, draft.data.number)).toBe('unknown');
});
