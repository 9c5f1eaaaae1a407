import { commitFile, HERE, received, startTeam, type Team } from './collaboration-world.ts';
import { octokitForApp, refusal } from './core-clients.ts';

let team: Team;
let bot: ReturnType<typeof octokitForApp>;
beforeAll(async () => {
  team = await startTeam();
  const app = team.sandbox.addApp({
    slug: 'deployer',
    permissions: { deployments: 'write', actions: 'read', contents: 'write' },
    events: ['deployment', 'deployment_status'],
    webhookUrl: team.hooks.url,
    webhookSecret: 'only between the two of us',
  });
  bot = octokitForApp(team.sandbox, app, team.sandbox.install(app.id, 'acme').id);
});
afterAll(() => team.stop());

/** Deploys what main holds, without asking for statuses. */
async function deploy(environment: string) {
  const { data } = await bot.repos.createDeployment({
    ...HERE,
    ref: 'main',
    environment,
    required_contexts: [],
  });
  if (!('sha' in data)) throw new Error('it was not deployed');
  return data;
}

async function stateOf(deployment_id: number) {
  const { data } = await bot.repos.listDeploymentStatuses({ ...HERE, deployment_id });
  return data.map((one) => one.state);
}

test('a success makes the deployment before it inactive, and only that of its environment', async () => {
  const [first, other, second] = [await deploy('staging'), await deploy('qa'), await deploy('staging')];
  const success = { ...HERE, state: 'success' as const, log_url: 'https://ci.example/1' };
  await bot.repos.createDeploymentStatus({ ...success, deployment_id: first.id });
  await bot.repos.createDeploymentStatus({ ...success, deployment_id: other.id });
  await bot.repos.createDeploymentStatus({ ...HERE, state: 'in_progress', deployment_id: second.id });
  expect(await stateOf(first.id)).toEqual(['success']);
  await bot.repos.createDeploymentStatus({ ...success, deployment_id: second.id, description: 'Live' });
  expect(await stateOf(first.id)).toEqual(['inactive', 'success']);
  expect(await stateOf(second.id)).toEqual(['success', 'in_progress']);
  expect(await stateOf(other.id)).toEqual(['success']);
  const listed = await bot.repos.listDeployments({ ...HERE, environment: 'staging' });
  expect(listed.data.map((one) => one.id)).toEqual([second.id, first.id]);
  const events = (await received(team.sandbox, team.hooks)).filter(({ event }) =>
    event.startsWith('deployment'),
  );
  const states = events.map(({ event, payload }) =>
    event === 'deployment' ? event : (payload.deployment_status as { state: string }).state,
  );
  // The one that became inactive by that is not told.
  expect(states).toEqual([
    'deployment',
    'deployment',
    'deployment',
    'success',
    'success',
    'in_progress',
    'success',
  ]);
});

test('production stays active, and is deleted only when it is not', async () => {
  const [first, second] = [await deploy('production'), await deploy('production')];
  for (const one of [first, second])
    await bot.repos.createDeploymentStatus({ ...HERE, deployment_id: one.id, state: 'success' });
  expect(await stateOf(first.id)).toEqual(['success']);
  const removal = { ...HERE, deployment_id: first.id };
  expect((await refusal(bot.repos.deleteDeployment(removal))).status).toBe(422);
  await bot.repos.createDeploymentStatus({ ...removal, state: 'inactive' });
  await bot.repos.deleteDeployment(removal);
  expect((await refusal(bot.repos.getDeployment(removal))).status).toBe(404);
});

test('a deployment waits for the statuses of its commit', async () => {
  const { alice } = team.as;
  const sha = await commitFile(alice, { branch: 'main', path: 'tested.txt', content: 'x' });
  await alice.repos.createCommitStatus({ ...HERE, sha, context: 'ci', state: 'failure' });
  expect(await refusal(bot.repos.createDeployment({ ...HERE, ref: 'main' }))).toEqual({
    status: 409,
    message: 'Conflict: Commit status checks failed for main.',
  });
  await alice.repos.createCommitStatus({ ...HERE, sha, context: 'ci', state: 'success' });
  expect((await bot.repos.createDeployment({ ...HERE, ref: 'main' })).status).toBe(201);
  const missing = bot.repos.createDeployment({ ...HERE, ref: 'main', required_contexts: ['ci', 'e2e'] });
  expect((await refusal(missing)).status).toBe(409);
});

test('a branch that is behind is brought up to date instead of being deployed', async () => {
  const { alice } = team.as;
  await commitFile(alice, { branch: 'late', path: 'late.txt', content: 'x' });
  await commitFile(alice, { branch: 'main', path: 'newer.txt', content: 'x' });
  const input = { ...HERE, ref: 'late', required_contexts: [] };
  const merged = await bot.repos.createDeployment(input);
  expect([merged.status, merged.data]).toEqual([
    202,
    { message: 'Auto-merged main into late on deployment.' },
  ]);
  expect((await bot.repos.createDeployment(input)).status).toBe(201);
  const nothing = bot.repos.createDeployment({ ...input, ref: 'none' });
  expect(await refusal(nothing)).toEqual({ status: 422, message: 'No ref found for: none' });
});

test('without the permission nothing is deployed or read', async () => {
  const { alice, carol, otherBot } = team.as;
  const input = { ...HERE, ref: 'main', required_contexts: [] };
  const refused = { status: 403, message: 'Resource not accessible by integration' };
  expect(await refusal(otherBot.repos.createDeployment(input))).toEqual(refused);
  expect(await refusal(otherBot.repos.listDeployments(HERE))).toEqual(refused);
  expect((await refusal(carol.repos.createDeployment(input))).status).toBe(403);
  expect((await alice.repos.createDeployment(input)).status).toBe(201);
});

test('environments have rules, which an administrator writes and everyone reads', async () => {
  const { root, alice } = team.as;
  const { data: dave } = await alice.users.getByUsername({ username: 'dave' });
  const input = { ...HERE, environment_name: 'prod/eu' };
  const rules = { wait_timer: 30, reviewers: [{ type: 'User' as const, id: dave.id }] };
  expect((await refusal(alice.repos.createOrUpdateEnvironment({ ...input, ...rules }))).status).toBe(403);
  const policy = { protected_branches: true, custom_branch_policies: true };
  const both = root.repos.createOrUpdateEnvironment({ ...input, deployment_branch_policy: policy });
  expect((await refusal(both)).status).toBe(422);
  await root.repos.createOrUpdateEnvironment({ ...input, ...rules });
  const { data } = await bot.repos.getEnvironment(input);
  expect([data.name, data.protection_rules?.map((rule) => rule.type)]).toEqual([
    'prod/eu',
    ['wait_timer', 'required_reviewers'],
  ]);
  expect((await bot.repos.getAllEnvironments(HERE)).data.environments?.map((one) => one.name)).toContain(
    'prod/eu',
  );
  await root.repos.deleteAnEnvironment(input);
  expect((await refusal(bot.repos.getEnvironment(input))).status).toBe(404);
});
