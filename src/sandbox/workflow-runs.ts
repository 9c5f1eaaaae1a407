import { headCommitJson } from './commit-json.ts';
import type { SandboxContext } from './context.ts';
import { readCommit } from './git.ts';
import { workflowJson, workflowRunJson } from './json-actions.ts';
import { timestamp } from './route-input.ts';
import type { Repository, User, Workflow, WorkflowRun } from './state.ts';

export interface StartedWorkflow {
  /** `path` as in the repository: `.github/workflows/ci.yml`. */
  workflow: { name: string; path: string };
  headSha: string;
  headBranch: string;
  /** `push` by default. */
  event?: string;
  /** Login of whoever triggered it. */
  actor: string;
}

export interface FinishedWorkflow extends StartedWorkflow {
  /** `success`, `failure`, `cancelled` ... */
  conclusion: string;
}

/** Records a run of GitHub Actions as if it had run: there are no runners here. Emits `requested` and `completed`. */
export async function completeWorkflowRun(
  sandbox: SandboxContext,
  repository: Repository,
  input: FinishedWorkflow,
): Promise<WorkflowRun> {
  const run = await startWorkflowRun(sandbox, repository, input);
  return finishWorkflowRun(sandbox, repository, run.id, input.conclusion);
}

/** Records a run that is queued, and stays so until somebody finishes it. Emits `requested`. */
export async function startWorkflowRun(
  sandbox: SandboxContext,
  repository: Repository,
  input: StartedWorkflow,
): Promise<WorkflowRun> {
  const sender = sandbox.state.users.get(input.actor);
  if (!sender) throw new Error(`there is no user ${input.actor} who could have triggered a workflow`);
  const headCommit = headCommitJson(await readCommit(repository.gitDir, input.headSha));
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
    headCommit,
    status: 'queued',
    conclusion: null,
    actor: input.actor,
    createdAt: now,
    updatedAt: now,
  };
  repository.workflowRuns.set(run.id, run);
  emitRun(sandbox, repository, workflow, run, 'requested', sender);
  return run;
}

/** Ends a run. Emits `completed`. @throws Error when there is no such run. */
export function finishWorkflowRun(
  sandbox: SandboxContext,
  repository: Repository,
  runId: number,
  conclusion: string,
): WorkflowRun {
  const run = repository.workflowRuns.get(runId);
  const workflow = run && repository.workflows.get(run.workflowId);
  const sender = run && sandbox.state.users.get(run.actor);
  if (!run || !workflow || !sender) throw new Error(`there is no workflow run ${runId}`);
  run.status = 'completed';
  run.conclusion = conclusion;
  run.updatedAt = timestamp(sandbox);
  emitRun(sandbox, repository, workflow, run, 'completed', sender);
  return run;
}

/** The workflow of the path, made when there is none. */
export function workflowAt(
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
