import { finishWorkflowRun } from '../../src/sandbox/workflow-runs.ts';
import { commitFile, HERE, received, startTeam, type Team } from './collaboration-world.ts';
import { octokitForApp, refusal } from './core-clients.ts';

const DEPLOY = `name: Deploy
on:
  workflow_dispatch:
    inputs:
      environment: { required: true }
      dry-run: { default: 'no' }
`;
const PATH = '.github/workflows/deploy.yml';

let team: Team;
let runner: ReturnType<typeof octokitForApp>;
beforeAll(async () => {
  team = await startTeam();
  const app = team.sandbox.addApp({
    slug: 'runner',
    permissions: { actions: 'write', contents: 'read', checks: 'write' },
    events: ['workflow_dispatch', 'workflow_run', 'check_suite', 'check_run'],
    webhookUrl: team.hooks.url,
    webhookSecret: 'only between the two of us',
  });
  runner = octokitForApp(team.sandbox, app, team.sandbox.install(app.id, 'acme').id);
  await commitFile(team.as.alice, { branch: 'main', path: PATH, content: DEPLOY });
  await commitFile(team.as.alice, {
    branch: 'main',
    path: '.github/workflows/ci.yml',
    content: 'on: push\n',
  });
});
afterAll(() => team.stop());
beforeEach(async () => {
  await team.sandbox.idle();
  team.hooks.received.length = 0;
});

async function arrived(kind: RegExp) {
  const all = await received(team.sandbox, team.hooks);
  return all.filter(({ event }) => kind.test(event));
}

test('workflows are known by their files', async () => {
  const { data } = await runner.actions.listRepoWorkflows(HERE);
  expect(data.workflows.map((one) => [one.name, one.path])).toEqual([
    ['.github/workflows/ci.yml', '.github/workflows/ci.yml'],
    ['Deploy', PATH],
  ]);
  const { data: deploy } = await runner.actions.getWorkflow({ ...HERE, workflow_id: 'deploy.yml' });
  expect((await runner.actions.getWorkflow({ ...HERE, workflow_id: deploy.id })).data.path).toBe(PATH);
});

test('a dispatch starts a run with the inputs that the workflow declares', async () => {
  const { alice, otherBot } = team.as;
  const dispatch = { ...HERE, workflow_id: 'deploy.yml', ref: 'main', inputs: { environment: 'prod' } };
  const answer = await runner.actions.createWorkflowDispatch(dispatch);
  expect(answer.status).toBe(204);
  const wanted = { ...HERE, workflow_id: 'deploy.yml', event: 'workflow_dispatch' };
  const { data } = await alice.actions.listWorkflowRuns(wanted);
  expect(data.workflow_runs).toMatchObject([{ name: 'Deploy', status: 'queued', head_branch: 'main' }]);
  const run = data.workflow_runs[0];
  if (!run) throw new Error('there is no run');
  finishWorkflowRun(team.sandbox.context, team.repository, run.id, 'success');
  const read = await alice.actions.getWorkflowRun({ ...HERE, run_id: run.id });
  expect([read.data.status, read.data.conclusion]).toEqual(['completed', 'success']);
  const events = (await arrived(/^workflow/)).filter(({ payload }) => payload.action !== 'requested');
  expect(events).toMatchObject([
    {
      event: 'workflow_dispatch',
      payload: { ref: 'refs/heads/main', workflow: PATH, inputs: { environment: 'prod', 'dry-run': 'no' } },
    },
    { event: 'workflow_run', payload: { action: 'completed' } },
    { event: 'workflow_run', payload: { action: 'completed' } },
  ]);
  const refused = { status: 403, message: 'Resource not accessible by integration' };
  expect(await refusal(otherBot.actions.createWorkflowDispatch(dispatch))).toEqual(refused);
});

test('a dispatch that the workflow does not want is refused with the reason', async () => {
  const dispatch = { ...HERE, workflow_id: 'deploy.yml', ref: 'main' };
  const inputs = { environment: 'x' };
  const wrong = [
    dispatch,
    { ...dispatch, inputs: { environment: 'x', speed: 'y' } },
    { ...dispatch, ref: 'none', inputs },
    { ...dispatch, workflow_id: 'ci.yml' },
    { ...dispatch, workflow_id: 'none.yml' },
  ];
  const refused = [];
  for (const one of wrong) refused.push(await refusal(runner.actions.createWorkflowDispatch(one)));
  expect(refused).toEqual([
    { status: 422, message: "Required input 'environment' not provided" },
    { status: 422, message: 'Unexpected inputs provided: ["speed"]' },
    { status: 422, message: 'No ref found for: none' },
    { status: 422, message: "Workflow does not have 'workflow_dispatch' trigger" },
    { status: 404, message: 'Not Found' },
  ]);
});

test('runs are listed by when they were created', async () => {
  const { alice } = team.as;
  const before = team.clock.now;
  // As people: the token of an App is over after an hour.
  team.clock.now = Date.parse('2026-05-05T10:00:00Z');
  const inputs = { environment: 'qa' };
  await alice.actions.createWorkflowDispatch({ ...HERE, workflow_id: 'deploy.yml', ref: 'main', inputs });
  const count = async (created: string) =>
    (await alice.actions.listWorkflowRunsForRepo({ ...HERE, created })).data.total_count;
  expect(await count('2026-05-05')).toBe(1);
  expect(await count('>=2026-05-01')).toBe(1);
  expect(await count('>2026-05-05')).toBe(0);
  expect(await count('2026-04-01..2026-05-04')).toBe(0);
  team.clock.now = before;
});

test('each App is asked for its own checks alone', async () => {
  const sha = await commitFile(team.as.alice, { branch: 'asked', path: 'asked.txt', content: 'x' });
  const { data } = await runner.checks.listSuitesForRef({ ...HERE, ref: sha });
  expect(data.check_suites.map((one) => one.app?.slug).sort()).toEqual(['other', 'runner', 'sluice']);
  const asked = (await arrived(/^check_suite/)).map(({ payload }) => {
    const suite = payload.check_suite as { app: { id: number } };
    const installation = payload.installation as { id: number };
    const { appId } = team.sandbox.state.installations.get(installation.id) ?? {};
    return [payload.action, suite.app.id === appId];
  });
  // Two Apps listen, and the branch was made before it was committed to.
  expect(asked).toEqual(Array.from({ length: 4 }, () => ['requested', true]));
});

test('a suite that is asked for again is queued until its App answers', async () => {
  const { alice, bot } = team.as;
  const sha = await commitFile(alice, { branch: 'again', path: 'again.txt', content: 'x' });
  const check = { ...HERE, name: 'gates', head_sha: sha, conclusion: 'failure' as const };
  const { data: run } = await bot.checks.create(check);
  const at = { ...HERE, check_suite_id: run.check_suite?.id ?? 0 };
  const state = async () => {
    const { data } = await alice.checks.getSuite(at);
    return [data.status, data.conclusion];
  };
  expect(await state()).toEqual(['completed', 'failure']);
  expect((await alice.checks.rerequestSuite(at)).status).toBe(201);
  expect(await state()).toEqual(['queued', null]);
  await bot.checks.update({ ...HERE, check_run_id: run.id, conclusion: 'success' });
  expect(await state()).toEqual(['completed', 'success']);
  await alice.checks.rerequestRun({ ...HERE, check_run_id: run.id });
  const listed = await alice.checks.listForSuite(at);
  expect(listed.data.check_runs.map((one) => one.id)).toEqual([run.id]);
  const again = (await arrived(/^check/)).filter(({ payload }) => payload.action === 'rerequested');
  expect(again.map(({ event }) => event)).toEqual(['check_suite', 'check_run']);
});

test('a button of a check run reaches the App that put it there, and buttons have limits', async () => {
  const { alice, bot } = team.as;
  const sha = await commitFile(alice, { branch: 'buttons', path: 'buttons.txt', content: 'x' });
  const button = { label: 'Promote now', description: 'Skip the soak time', identifier: 'promote' };
  const check = { ...HERE, name: 'gates', head_sha: sha };
  for (const wrong of [
    [{ ...button, label: 'x'.repeat(21) }],
    [{ ...button, description: 'x'.repeat(41) }],
    [{ ...button, identifier: 'x'.repeat(21) }],
    [button, button, button, button],
  ])
    expect((await refusal(bot.checks.create({ ...check, actions: wrong }))).status).toBe(422);
  const { data: run } = await bot.checks.create({ ...check, actions: [button] });
  // GitHub never tells which buttons a run has.
  expect(run).not.toHaveProperty('actions');
  const press = { checkRunId: run.id, identifier: 'promote', login: 'alice' };
  const tryTo = (more: Partial<typeof press>) => () =>
    team.sandbox.pressButton(team.repository, { ...press, ...more });
  expect(tryTo({})).toThrow('has not completed');
  await bot.checks.update({ ...HERE, check_run_id: run.id, conclusion: 'failure' });
  await team.sandbox.idle();
  team.hooks.received.length = 0;
  expect(tryTo({ login: 'carol' })).toThrow('may not write');
  tryTo({})();
  expect(await arrived(/./)).toMatchObject([
    {
      event: 'check_run',
      payload: {
        action: 'requested_action',
        requested_action: { identifier: 'promote' },
        sender: { login: 'alice' },
        check_run: { id: run.id },
      },
    },
  ]);
  expect(tryTo({ identifier: 'none' })).toThrow('has no action none');
});
