import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { resolveRef } from '../git.ts';
import { workflowJson } from '../json-actions.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, notFound, param } from '../route-input.ts';
import type { Repository, Workflow } from '../state.ts';
import { type DispatchInput, dispatchInputs, workflowsOf } from '../workflow-files.ts';
import { startWorkflowRun } from '../workflow-runs.ts';

const Body = z.object({
  ref: z.string().min(1),
  inputs: z.record(z.string(), z.unknown()).default({}),
  return_run_details: z.boolean().default(false),
});

/** https://docs.github.com/en/rest/actions/workflows */
export const workflowRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/actions/workflows';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['actions', 'read'] });
  app.get(path, async (c: RouteContext) => {
    const repository = reader(c);
    const all = await workflowsOf(sandbox, repository);
    const workflows = paginate(c, all).map((one) => workflowJson(sandbox, repository, one));
    return c.json({ total_count: all.length, workflows });
  });
  app.get(`${path}/:id`, async (c: RouteContext) => {
    const repository = reader(c);
    return c.json(workflowJson(sandbox, repository, await requireWorkflow(c, sandbox, repository)));
  });
  app.post(`${path}/:id/dispatches`, async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['actions', 'write'], role: 'write' });
    const workflow = await requireWorkflow(c, sandbox, repository);
    const body = await bodyOf(c, Body);
    const run = await dispatch(c, sandbox, repository, workflow, body);
    if (!body.return_run_details) return c.body(null, 204);
    const run_url = `${sandbox.url()}/repos/${repository.fullName}/actions/runs/${run.id}`;
    const html_url = `${sandbox.url()}/${repository.fullName}/actions/runs/${run.id}`;
    return c.json({ workflow_run_id: run.id, run_url, html_url });
  });
};

/** By id or by the name of its file. */
async function requireWorkflow(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
): Promise<Workflow> {
  const key = param(c, 'id');
  const all = await workflowsOf(sandbox, repository);
  const found = /^\d+$/.test(key)
    ? all.find((workflow) => workflow.id === Number(key))
    : all.find((workflow) => workflow.path.split('/').at(-1) === key);
  if (!found) throw notFound();
  return found;
}

/** Starts a run that waits: there are no runners here, a test or a person ends it. */
async function dispatch(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  workflow: Workflow,
  body: z.output<typeof Body>,
) {
  const branch = body.ref.replace(/^refs\/(heads|tags)\//, '');
  const headSha = await resolveRef(repository.gitDir, body.ref);
  if (headSha === null) throw new GitHubError(422, `No ref found for: ${body.ref}`);
  const declared = await dispatchInputs(repository, headSha, workflow.path);
  if (declared === null) throw new GitHubError(422, "Workflow does not have 'workflow_dispatch' trigger");
  const inputs = checkInputs(declared, body.inputs);
  const sender = actingUser(c);
  const isTag = (await resolveRef(repository.gitDir, `refs/heads/${branch}`)) === null;
  const ref = `refs/${isTag ? 'tags' : 'heads'}/${branch}`;
  const payload = { inputs, ref, workflow: workflow.path };
  sandbox.emit('workflow_dispatch', { repository, sender, payload });
  const input = { workflow, headSha, headBranch: branch, event: 'workflow_dispatch', actor: sender.login };
  return startWorkflowRun(sandbox, repository, input);
}

function checkInputs(
  declared: Map<string, DispatchInput>,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const unknown = Object.keys(given).filter((name) => !declared.has(name));
  if (unknown.length > 0)
    throw new GitHubError(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  const inputs: Record<string, unknown> = { ...given };
  for (const [name, input] of declared) {
    if (name in given) continue;
    if (input.default !== null) inputs[name] = input.default;
    else if (input.required) throw new GitHubError(422, `Required input '${name}' not provided`);
  }
  return inputs;
}
