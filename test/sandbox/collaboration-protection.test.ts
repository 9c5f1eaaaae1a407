import { commitFile, HERE, propose, startTeam, type Team } from './collaboration-world.ts';
import { refusal } from './core-clients.ts';

let team: Team;
beforeAll(async () => {
  team = await startTeam();
});
afterEach(() => {
  team.repository.protections.clear();
  team.repository.rulesets.clear();
});
afterAll(() => team.stop());

const NO_REVIEWS = {
  required_approving_review_count: 0,
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_review_thread_resolution: false,
};
const DEFAULT_BRANCH = { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } };

const approve = (who: Team['as']['bob'], pull_number: number) =>
  who.pulls.createReview({ ...HERE, pull_number, event: 'APPROVE' });

const protect = (count: number, required: { context: string; app_id?: number }[] | null, admins = true) =>
  team.as.root.repos.updateBranchProtection({
    ...HERE,
    branch: 'main',
    required_status_checks: required && { strict: false, contexts: [], checks: required },
    enforce_admins: admins,
    required_pull_request_reviews: { required_approving_review_count: count, dismiss_stale_reviews: true },
    restrictions: null,
  });

test('a check that is pinned to an App is satisfied by that App alone', async () => {
  const { alice, bob, bot, otherBot, root } = team.as;
  await root.repos.createRepoRuleset({
    ...HERE,
    name: 'gates',
    enforcement: 'active',
    conditions: DEFAULT_BRANCH,
    rules: [
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: 'sluice/gates', integration_id: team.sluice.id }],
        },
      },
    ],
  });
  const pull = await propose(alice, { branch: 'checked-change', path: 'a.txt', content: 'a\n' });
  const at = { ...HERE, pull_number: pull.number };
  const check = { ...HERE, name: 'sluice/gates', head_sha: pull.head.sha };
  const expected = {
    status: 405,
    message: 'Repository rule violations found\n\nRequired status check "sluice/gates" is expected.\n\n',
  };
  expect(await refusal(bob.pulls.merge(at))).toEqual(expected);
  await alice.repos.createCommitStatus({
    ...HERE,
    sha: pull.head.sha,
    context: 'sluice/gates',
    state: 'success',
  });
  await otherBot.checks.create({ ...check, conclusion: 'success' });
  expect(await refusal(bob.pulls.merge(at))).toEqual(expected);
  expect((await refusal(alice.checks.create({ ...check, conclusion: 'success' }))).status).toBe(403);
  const run = await bot.checks.create({ ...check, status: 'in_progress' });
  expect((await refusal(bob.pulls.merge(at))).message).toContain('"sluice/gates" is in progress');
  expect(
    (await refusal(otherBot.checks.update({ ...HERE, check_run_id: run.data.id, conclusion: 'success' })))
      .status,
  ).toBe(403);
  await bot.checks.update({ ...HERE, check_run_id: run.data.id, conclusion: 'failure' });
  expect((await refusal(root.pulls.merge(at))).message).toContain('"sluice/gates" is failing');
  expect((await bob.pulls.get(at)).data.mergeable_state).toBe('blocked');
  await bot.checks.create({ ...check, conclusion: 'success' });
  expect((await bob.pulls.merge(at)).data.merged).toBe(true);
});

test('approvals count from writers who are not the author, and until somebody pushes', async () => {
  const { alice, bob, carol, root } = team.as;
  await protect(1, null);
  const pull = await propose(alice, { branch: 'reviewed-change', path: 'b.txt', content: 'a\n' });
  const at = { ...HERE, pull_number: pull.number };
  const needed = {
    status: 405,
    message: 'At least 1 approving review is required by reviewers with write access.',
  };
  expect((await refusal(approve(alice, pull.number))).status).toBe(422);
  await approve(carol, pull.number);
  expect(await refusal(bob.pulls.merge(at))).toEqual(needed);
  expect(await refusal(root.pulls.merge(at))).toEqual(needed);
  await approve(bob, pull.number);
  expect((await bob.pulls.get(at)).data.mergeable_state).toBe('clean');
  await commitFile(alice, { branch: 'reviewed-change', path: 'b.txt', content: 'b\n' });
  const { data: reviews } = await bob.pulls.listReviews(at);
  expect(reviews.map((review) => review.state)).toEqual(['DISMISSED', 'DISMISSED']);
  expect(await refusal(bob.pulls.merge(at))).toEqual(needed);
  await bob.pulls.createReview({ ...at, event: 'REQUEST_CHANGES', body: 'no' });
  await approve(team.as.dave, pull.number);
  expect((await refusal(bob.pulls.merge(at))).message).toContain('Changes have been requested');
  await approve(bob, pull.number);
  expect((await bob.pulls.merge(at)).data.merged).toBe(true);
});

test('a team must approve what touches its paths, and nothing else', async () => {
  const { alice, bob, dave, root } = team.as;
  const sre = (await team.as.bot.teams.getByName({ org: 'acme', team_slug: 'sre' })).data.id;
  const ruleset = await root.request('POST /repos/{owner}/{repo}/rulesets', {
    ...HERE,
    name: 'production',
    enforcement: 'active',
    conditions: DEFAULT_BRANCH,
    rules: [
      {
        type: 'pull_request',
        parameters: {
          ...NO_REVIEWS,
          required_reviewers: [
            { file_patterns: ['envs/prod/**'], minimum_approvals: 1, reviewer: { id: sre, type: 'Team' } },
          ],
        },
      },
    ],
  });
  const dev = await propose(alice, { branch: 'teams-dev', path: 'envs/dev/app.yaml', content: 'tag: 2\n' });
  const prod = await propose(alice, {
    branch: 'teams-prod',
    path: 'envs/prod/app.yaml',
    content: 'tag: 2\n',
  });
  expect((await bob.pulls.merge({ ...HERE, pull_number: dev.number })).data.merged).toBe(true);
  await approve(bob, prod.number);
  const refused = await refusal(bob.pulls.merge({ ...HERE, pull_number: prod.number }));
  expect(refused.status).toBe(405);
  expect(refused.message).toContain('approving review by the team sre required for envs/prod/app.yaml');
  await approve(dave, prod.number);
  expect((await bob.pulls.merge({ ...HERE, pull_number: prod.number })).data.merged).toBe(true);
  expect(
    (await refusal(commitFile(root, { branch: 'main', path: 'x.txt', content: 'x\n' }))).message,
  ).toContain('Changes must be made through a pull request.');
  const rules = await bob.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
    ...HERE,
    branch: 'main',
  });
  expect(rules.data).toMatchObject([{ type: 'pull_request', ruleset_id: ruleset.data.id }]);
});

test('code owners of the base branch must approve, the last matching line wins', async () => {
  const { alice, bob, dave, root } = team.as;
  const owners = '* @bob\n/envs/* @bob\n/envs/prod/ @acme/sre\n';
  await commitFile(root, { branch: 'main', path: '.github/CODEOWNERS', content: owners });
  await root.repos.updateBranchProtection({
    ...HERE,
    branch: 'main',
    required_status_checks: null,
    enforce_admins: false,
    required_pull_request_reviews: { required_approving_review_count: 1, require_code_owner_reviews: true },
    restrictions: null,
  });
  await commitFile(alice, { branch: 'owned-prod', path: '.github/CODEOWNERS', content: '* @bob\n' });
  const pull = await propose(alice, {
    branch: 'owned-prod',
    path: 'envs/prod/app.yaml',
    content: 'tag: 4\n',
  });
  await approve(bob, pull.number);
  expect((await refusal(bob.pulls.merge({ ...HERE, pull_number: pull.number }))).message).toBe(
    'Waiting on code owner review from @acme/sre.',
  );
  await approve(dave, pull.number);
  expect((await bob.pulls.merge({ ...HERE, pull_number: pull.number })).data.merged).toBe(true);
  // An administrator whom protection does not bind needs nobody.
  const free = await propose(alice, {
    branch: 'owned-free',
    path: 'envs/prod/app.yaml',
    content: 'tag: 5\n',
  });
  expect((await refusal(bob.pulls.merge({ ...HERE, pull_number: free.number }))).status).toBe(405);
  expect((await root.pulls.merge({ ...HERE, pull_number: free.number })).data.merged).toBe(true);
});

test('strict checks want the head up to date, and a ruleset lets its bypass actors through', async () => {
  const { alice, bob, root, bot } = team.as;
  const old = await propose(alice, { branch: 'strict-old', path: 'strict.txt', content: '1\n' });
  await commitFile(root, { branch: 'main', path: 'newer.txt', content: '1\n' });
  await root.repos.createRepoRuleset({
    ...HERE,
    name: 'strict',
    enforcement: 'active',
    conditions: DEFAULT_BRANCH,
    bypass_actors: [{ actor_id: team.sluice.id, actor_type: 'Integration', bypass_mode: 'pull_request' }],
    rules: [
      { type: 'non_fast_forward' },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: [{ context: 'ci' }],
        },
      },
    ],
  });
  await alice.repos.createCommitStatus({ ...HERE, sha: old.head.sha, context: 'ci', state: 'success' });
  const at = { ...HERE, pull_number: old.number };
  expect((await bob.pulls.get(at)).data.mergeable_state).toBe('behind');
  expect((await refusal(bob.pulls.merge(at))).message).toContain('"ci" is expected');
  const force = { ...HERE, ref: 'heads/main', sha: old.base.sha, force: true };
  expect((await refusal(bob.git.updateRef(force))).status).toBe(422);
  expect((await refusal(bot.git.updateRef(force))).status).toBe(422);
  expect((await bot.pulls.merge(at)).data.merged).toBe(true);
});
