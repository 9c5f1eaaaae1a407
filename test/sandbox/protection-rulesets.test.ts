import { commitFile, HERE, propose, type Team } from './collaboration-world.ts';
import { octokitForToken, refusal } from './core-clients.ts';
import {
  DEFAULT_BRANCH,
  NO_REVIEWS,
  requireChecks,
  ruleset,
  startProtectedTeam,
  unprotect,
} from './protection-world.ts';

let team: Team;
beforeAll(async () => {
  team = await startProtectedTeam();
});
afterEach(() => unprotect(team));
afterAll(() => team.stop());

const change = (branch: string, path = `${branch}.txt`) =>
  propose(team.as.alice, { branch, path, content: `${branch}\n` });
const at = (pull: { number: number }) => ({ ...HERE, pull_number: pull.number });
const violation = (...texts: string[]) => `Repository rule violations found\n\n${texts.join('\n\n')}\n\n`;

test('creation, update and deletion are for who may bypass', async () => {
  const { alice, bob, bot, root } = team.as;
  const { data: main } = await alice.git.getRef({ ...HERE, ref: 'heads/main' });
  await root.repos.createRepoRuleset({
    ...HERE,
    name: 'releases',
    enforcement: 'active',
    conditions: { ref_name: { include: ['refs/heads/release/**'], exclude: ['refs/heads/release/free'] } },
    bypass_actors: [{ actor_id: team.sluice.id, actor_type: 'Integration', bypass_mode: 'always' }],
    rules: [{ type: 'creation' }, { type: 'update' }, { type: 'deletion' }],
  });
  const create = (who: typeof alice, name: string) =>
    who.git.createRef({ ...HERE, ref: `refs/heads/release/${name}`, sha: main.object.sha });
  expect(await refusal(create(alice, 'v1'))).toEqual({
    status: 422,
    message: violation('Cannot create ref due to creations being restricted.'),
  });
  await create(alice, 'free');
  await create(bot, 'v1');
  const next = await commitFile(alice, { branch: 'next', path: 'next.txt', content: 'next\n' });
  const update = { ...HERE, ref: 'heads/release/v1', sha: next };
  expect((await refusal(root.git.updateRef(update))).message).toBe(
    violation('Cannot update this protected ref.'),
  );
  const pull = await alice.pulls.create({ ...HERE, title: 'Into it', head: 'next', base: 'release/v1' });
  expect(await refusal(bob.pulls.merge(at(pull.data)))).toEqual({
    status: 405,
    message: violation('Cannot update this protected ref.'),
  });
  await bot.git.updateRef(update);
  expect((await refusal(root.git.deleteRef({ ...HERE, ref: 'heads/release/v1' }))).message).toBe(
    violation('Cannot delete this branch'),
  );
  await bot.git.deleteRef({ ...HERE, ref: 'heads/release/v1' });
});

test('linear history, signatures and allowed methods judge how a pull request is merged', async () => {
  const { bob } = team.as;
  await ruleset(team, [{ type: 'required_linear_history' }, { type: 'required_signatures' }]);
  const pull = await change('how');
  expect((await refusal(bob.pulls.merge(at(pull)))).message).toBe(
    violation('This branch must not contain merge commits.', 'Commits must have verified signatures.'),
  );
  expect((await refusal(bob.pulls.merge({ ...at(pull), merge_method: 'rebase' }))).message).toBe(
    violation('Commits must have verified signatures.'),
  );
  await ruleset(team, [
    { type: 'pull_request', parameters: { ...NO_REVIEWS, allowed_merge_methods: ['merge'] } },
  ]);
  expect((await refusal(bob.pulls.merge({ ...at(pull), merge_method: 'squash' }))).message).toBe(
    violation('Squash merges are not allowed on this repository.'),
  );
  const { data: all } = await bob.repos.getRepoRulesets(HERE);
  await team.as.root.repos.deleteRepoRuleset({ ...HERE, ruleset_id: all[1]?.id ?? 0 });
  expect((await bob.pulls.merge({ ...at(pull), merge_method: 'squash' })).data.merged).toBe(true);
});

test('who may bypass: a role, a team, owners, a person; on merges only when the mode says so', async () => {
  const { alice, bob, dave, root } = team.as;
  const olga = octokitForToken(team.sandbox, team.sandbox.addUser('olga').token);
  const organization = team.sandbox.state.organizations.get('acme');
  organization?.owners?.add('olga');
  const sre = organization?.teams.get('sre')?.id;
  let written = 0;
  const bobId = (await bob.users.getAuthenticated()).data.id;
  const direct = (who: typeof alice) =>
    commitFile(who, { branch: 'main', path: 'b.txt', content: `${++written}\n` });
  const { id } = await ruleset(team, [
    { type: 'pull_request', parameters: { ...NO_REVIEWS, required_approving_review_count: 1 } },
  ]);
  const bypass = (
    actor_type: 'RepositoryRole' | 'Team' | 'OrganizationAdmin' | 'User',
    actor_id: number | null,
    mode = 'always',
  ) =>
    root.request('PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}', {
      ...HERE,
      ruleset_id: id,
      bypass_actors: [{ actor_type, actor_id, bypass_mode: mode === 'always' ? 'always' : 'pull_request' }],
    });
  for (const who of [alice, bob, dave, root, olga]) expect((await refusal(direct(who))).status).toBe(409);
  await bypass('RepositoryRole', 5);
  await direct(root);
  expect((await refusal(direct(bob))).status).toBe(409);
  await bypass('Team', sre ?? 0);
  await direct(dave);
  expect((await refusal(direct(root))).status).toBe(409);
  await bypass('OrganizationAdmin', null);
  await direct(olga);
  await bypass('User', bobId);
  await direct(bob);
  await bypass('User', bobId, 'pull_request');
  expect((await refusal(direct(bob))).status).toBe(409);
  const pull = await change('bypassed');
  expect((await refusal(dave.pulls.merge(at(pull)))).message).toContain('At least 1 approving review');
  expect((await bob.pulls.merge(at(pull))).data.merged).toBe(true);
});

test('of several rulesets the highest number of approvals counts, and each team that a path asks for', async () => {
  const { alice, bob, dave } = team.as;
  const erin = octokitForToken(team.sandbox, team.sandbox.addUser('erin').token);
  team.sandbox.addTeam('acme', 'security', ['erin', 'bob']);
  team.repository.teams.set('security', 'write');
  const id = team.sandbox.state.organizations.get('acme')?.teams.get('security')?.id ?? 0;
  const reviews = (count: number, reviewers: object[] = []) => ({
    type: 'pull_request' as const,
    parameters: {
      ...NO_REVIEWS,
      required_approving_review_count: count,
      required_reviewers: reviewers as never[],
    },
  });
  const security = {
    file_patterns: ['envs/prod/**', 'secrets/'],
    minimum_approvals: 2,
    reviewer: { id, type: 'Team' },
  };
  await ruleset(team, [reviews(1)]);
  await ruleset(team, [reviews(2, [security])]);
  const dev = await change('many-dev', 'envs/dev/app.yaml');
  const prod = await change('many-prod', 'envs/prod/app.yaml');
  const why = async (pull: { number: number }) => (await refusal(alice.pulls.merge(at(pull)))).message;
  const approve = (who: typeof bob, pull: { number: number }) =>
    who.pulls.createReview({ ...at(pull), event: 'APPROVE' });
  expect(await why(dev)).toBe(
    violation('At least 2 approving reviews are required by reviewers with write access.'),
  );
  for (const pull of [dev, prod]) for (const who of [bob, dave]) await approve(who, pull);
  expect((await alice.pulls.merge(at(dev))).data.merged).toBe(true);
  expect(await why(prod)).toContain('At least 2 approving reviews by the team security');
  await approve(erin, prod);
  expect((await alice.pulls.merge(at(prod))).data.merged).toBe(true);
});

test('a ruleset is changed field by field, and shows who may bypass to administrators only', async () => {
  const { alice, root } = team.as;
  const made = await ruleset(
    team,
    [{ type: 'deletion' }],
    [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
  );
  const one = { ...HERE, ruleset_id: made.id };
  const { data: changed } = await root.repos.updateRepoRuleset({
    ...one,
    name: 'renamed',
    enforcement: 'disabled',
  });
  expect([changed.name, changed.enforcement, changed.rules, changed.bypass_actors]).toEqual([
    'renamed',
    'disabled',
    [{ type: 'deletion' }],
    [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
  ]);
  expect((await alice.repos.getRepoRuleset(one)).data.bypass_actors).toBeUndefined();
  expect((await refusal(alice.repos.updateRepoRuleset({ ...one, name: 'mine' }))).status).toBe(403);
  expect((await alice.repos.getBranchRules({ ...HERE, branch: 'main' })).data).toEqual([]);
  await root.repos.deleteRepoRuleset(one);
  expect((await refusal(root.repos.getRepoRuleset(one))).status).toBe(404);
});

test("an organisation's rulesets hold for the repositories that they name", async () => {
  const { alice, bob } = team.as;
  const token = team.sandbox.addUser('owen').token;
  const owen = octokitForToken(team.sandbox, token);
  team.sandbox.state.organizations.get('acme')?.owners?.add('owen');
  const input = {
    org: 'acme',
    name: 'everywhere',
    enforcement: 'active' as const,
    conditions: { ...DEFAULT_BRANCH, repository_name: { include: ['git*'], exclude: [] } },
    rules: [requireChecks({ context: 'org' })],
  };
  expect((await refusal(alice.repos.createOrgRuleset(input))).status).toBe(404);
  const { data: made } = await owen.repos.createOrgRuleset(input);
  const pull = await change('org-wide');
  expect((await refusal(bob.pulls.merge(at(pull)))).message).toBe(
    violation('Required status check "org" is expected.'),
  );
  expect((await alice.repos.getBranchRules({ ...HERE, branch: 'main' })).data).toMatchObject([
    { type: 'required_status_checks', ruleset_source_type: 'Organization', ruleset_source: 'acme' },
  ]);
  const listed = async (includes_parents: boolean) =>
    (await alice.repos.getRepoRulesets({ ...HERE, includes_parents })).data.map((one) => one.id);
  expect([await listed(true), await listed(false)]).toEqual([[made.id], []]);
  await owen.repos.updateOrgRuleset({
    org: 'acme',
    ruleset_id: made.id,
    conditions: { ...DEFAULT_BRANCH, repository_name: { include: ['~ALL'], exclude: ['gitops'] } },
  });
  expect((await bob.pulls.merge(at(pull))).data.merged).toBe(true);
});
