import { requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { isWithin } from '../date-range.ts';
import { workflowRunJson } from '../json-actions.ts';
import { paginate } from '../paginate.ts';
import { notFound, numberParam, param } from '../route-input.ts';
import type { Repository, Workflow, WorkflowRun } from '../state.ts';

export { completeWorkflowRun } from '../workflow-runs.ts';

/** https://docs.github.com/en/rest/actions/workflow-runs */
export const actionRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/actions';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['actions', 'read'] });
  app.get(`${path}/workflows/:id/runs`, (c: RouteContext) => {
    const repository = reader(c);
    const workflow = findWorkflow(repository, param(c, 'id'));
    if (!workflow) throw notFound();
    const runs = [...repository.workflowRuns.values()].filter((run) => run.workflowId === workflow.id);
    return answerRuns(c, sandbox, repository, runs);
  });
  app.get(`${path}/runs`, (c: RouteContext) => {
    const repository = reader(c);
    return answerRuns(c, sandbox, repository, [...repository.workflowRuns.values()]);
  });
  app.get(`${path}/runs/:id`, (c: RouteContext) => {
    const repository = reader(c);
    const run = repository.workflowRuns.get(numberParam(c, 'id'));
    if (!run) throw notFound();
    return c.json(workflowRunJson(sandbox, repository, run));
  });
};

/** By id or by the name of its file. */
function findWorkflow(repository: Repository, key: string): Workflow | undefined {
  if (/^\d+$/.test(key)) return repository.workflows.get(Number(key));
  return [...repository.workflows.values()].find((workflow) => workflow.path.split('/').at(-1) === key);
}

/** Newest first. `status` is a status or a conclusion. */
function answerRuns(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  all: WorkflowRun[],
): Response {
  const { branch, status, event, head_sha: headSha, actor, created = '' } = c.req.query();
  const runs = all
    .filter((run) => !branch || run.headBranch === branch)
    .filter((run) => !status || run.status === status || run.conclusion === status)
    .filter((run) => !event || run.event === event)
    .filter((run) => !headSha || run.headSha === headSha)
    .filter((run) => !actor || run.actor === actor)
    .filter((run) => isWithin(created, run.createdAt))
    .sort((a, b) => b.id - a.id);
  const page = paginate(c, runs).map((run) => workflowRunJson(sandbox, repository, run));
  return c.json({ total_count: runs.length, workflow_runs: page });
}
