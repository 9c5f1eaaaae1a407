import { parse } from 'yaml';
import type { SandboxContext } from './context.ts';
import { listTree, readFileAt, resolveRef } from './git.ts';
import type { Repository, Workflow } from './state.ts';
import { workflowAt } from './workflow-runs.ts';

const FOLDER = '.github/workflows';

export interface DispatchInput {
  required: boolean;
  default: string | null;
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

function parseWorkflow(text: string): Record<string, unknown> {
  try {
    return asObject(parse(text));
  } catch {
    return {};
  }
}

/** The workflows of a repository: those whose files are on the default branch, and those that ran. */
export async function workflowsOf(sandbox: SandboxContext, repository: Repository): Promise<Workflow[]> {
  const { gitDir, defaultBranch } = repository;
  const commit = await resolveRef(gitDir, `refs/heads/${defaultBranch}`);
  const entries = commit === null ? [] : await listTree(gitDir, commit, true);
  for (const { path } of entries) {
    if (commit === null || !path.startsWith(`${FOLDER}/`) || !/\.ya?ml$/.test(path)) continue;
    const content = await readFileAt(gitDir, commit, path);
    const { name } = parseWorkflow(content?.toString('utf8') ?? '');
    workflowAt(sandbox, repository, { path, name: typeof name === 'string' ? name : path });
  }
  return [...repository.workflows.values()];
}

/**
 * What `on.workflow_dispatch` of the file at the commit asks for; null when it cannot be dispatched.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs
 */
export async function dispatchInputs(
  repository: Repository,
  commit: string,
  path: string,
): Promise<Map<string, DispatchInput> | null> {
  const content = await readFileAt(repository.gitDir, commit, path);
  const { on } = parseWorkflow(content?.toString('utf8') ?? '');
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(asObject(on));
  if (!events.includes('workflow_dispatch')) return null;
  const { inputs } = asObject(asObject(on).workflow_dispatch);
  return new Map(
    Object.entries(asObject(inputs)).map(([name, declared]) => {
      const { required, default: fallback } = asObject(declared);
      const text = fallback === undefined || fallback === null ? null : String(fallback);
      return [name, { required: required === true, default: text }];
    }),
  );
}
