import type { SandboxContext } from './context.ts';
import { workflowJson, workflowRunJson } from './json-actions.ts';
import { timestamp } from './route-input.ts';
import type { Repository, User, Workflow, WorkflowRun } from './state.ts';

export interface FinishedWorkflow {
  /** `path` as in the repository: `.github/workflows/ci.yml`. */
  workflow: { name: string; path: string };
  headSha: string;
  headBranch: string;
  /** `push` by default. */
  event?: string;
  /** `success`, `failure`, `cancelled` ... */
  conclusion: string;
  /** Login of whoever triggered it. */
  actor: string;
}

/** Records a run of GitHub Actions as if it had run: there are no runners here. Emits `requested` and `completed`. */
export function completeWorkflowRun(
  sandbox: SandboxContext,
  repository: Repository,
  input: FinishedWorkflow,
): WorkflowRun {
  const sender = sandbox.state.users.get(input.actor);
  if (!sender) throw new Error(`there is no user ${input.actor} who could have triggered a workflow`);
  const workflow = workflowAt(sandbox, repository, input.workflow);
  const earlier = [...repository.workflowRuns.values()].filter((run) => run.workflowId === workflow.id);
  const now = timestamp(sandbox);
  const run: WorkflowRun = {
    id: sandbox.nextId(),
    runNumber: earlier.length + 1,
    workflowId: workflow.id,
    name: workflow.name,
    path: workflow.path,
    event: input.event ?? 'push',
    headBranch: input.headBranch,
    headSha: input.headSha,
    status: 'queued',
    conclusion: null,
    actor: input.actor,
    createdAt: now,
    updatedAt: now,
  };
  repository.workflowRuns.set(run.id, run);
  emitRun(sandbox, repository, workflow, run, 'requested', sender);
  run.status = 'completed';
  run.conclusion = input.conclusion;
  emitRun(sandbox, repository, workflow, run, 'completed', sender);
  return run;
}

function workflowAt(
  sandbox: SandboxContext,
  repository: Repository,
  input: { name: string; path: string },
): Workflow {
  const found = [...repository.workflows.values()].find((workflow) => workflow.path === input.path);
  if (found) return found;
  const workflow = { id: sandbox.nextId(), ...input };
  repository.workflows.set(workflow.id, workflow);
  return workflow;
}

function emitRun(
  sandbox: SandboxContext,
  repository: Repository,
  workflow: Workflow,
  run: WorkflowRun,
  action: 'requested' | 'completed',
  sender: User,
): void {
  const payload = {
    workflow: workflowJson(sandbox, repository, workflow),
    workflow_run: workflowRunJson(sandbox, repository, run),
  };
  sandbox.emit('workflow_run', { repository, sender, action, payload });
}
