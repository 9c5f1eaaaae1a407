import { join } from 'node:path';
import { recordActivity } from './activity.ts';
import { importFiles, initBareRepository } from './bare-repository.ts';
import type { SandboxContext } from './context.ts';
import { userJson } from './json.ts';
import { timestamp } from './route-input.ts';
import type { Repository, Role } from './state.ts';

export interface NewRepository {
  owner: string;
  name: string;
  private?: boolean;
  defaultBranch?: string;
  /** Path to content of the first commit; a repository without any commit when left out. */
  files?: Record<string, string | Buffer>;
  collaborators?: Record<string, Role>;
  /** Team slug to role. */
  teams?: Record<string, Role>;
}

/** Makes a repository, with its first commit when there are files. Sends no `push`: there is nothing before it to compare with. */
export async function createRepository(
  sandbox: SandboxContext,
  directory: string,
  input: NewRepository,
): Promise<Repository> {
  const fullName = `${input.owner}/${input.name}`;
  if (!/^[\w.-]+\/[\w.-]+$/.test(fullName)) throw new Error(`GitHub has no repository named ${fullName}`);
  if (sandbox.state.repositories.has(fullName)) throw new Error(`${fullName} is there already`);
  const repository = emptyRepository(sandbox, input, join(directory, `${input.owner}+${input.name}.git`));
  await initBareRepository(repository.gitDir, repository.defaultBranch);
  if (input.files) await commitFirst(sandbox, repository, input.files);
  else repository.isEmpty = true;
  sandbox.state.repositories.set(fullName, repository);
  return repository;
}

async function commitFirst(
  sandbox: SandboxContext,
  repository: Repository,
  files: Record<string, string | Buffer>,
): Promise<void> {
  const { id, login } = userJson(sandbox, repository.owner);
  const author = {
    name: repository.owner,
    email: `${id}+${login}@users.noreply.github.com`,
    date: new Date(sandbox.now()).toISOString(),
  };
  const branch = repository.defaultBranch;
  const after = await importFiles(repository.gitDir, branch, files, author, 'Initial commit');
  const pusher = sandbox.state.users.get(repository.owner) ?? sandbox.state.users.get('web-flow');
  const change = { ref: `refs/heads/${branch}`, before: null, after };
  if (pusher) await recordActivity(sandbox, repository, { ...change, pusher });
}

/** What is remembered of a repository that has nothing yet. */
export function emptyRepository(sandbox: SandboxContext, input: NewRepository, gitDir: string): Repository {
  return {
    id: sandbox.nextId(),
    owner: input.owner,
    name: input.name,
    fullName: `${input.owner}/${input.name}`,
    private: input.private ?? false,
    createdAt: timestamp(sandbox),
    pushedAt: timestamp(sandbox),
    defaultBranch: input.defaultBranch ?? 'main',
    gitDir,
    forkOf: null,
    collaborators: new Map(Object.entries(input.collaborators ?? {})),
    teams: new Map(Object.entries(input.teams ?? {})),
    nextNumber: 1,
    labels: new Map(),
    issues: new Map(),
    pulls: new Map(),
    comments: new Map(),
    issueEvents: [],
    pinnedIssues: [],
    reviewComments: new Map(),
    activity: [],
    deployments: new Map(),
    environments: new Map(),
    reviews: new Map(),
    checkRuns: new Map(),
    checkSuites: new Map(),
    statuses: [],
    workflows: new Map(),
    workflowRuns: new Map(),
    releases: new Map(),
    protections: new Map(),
    rulesets: new Map(),
    mergeQueues: new Map(),
    resolvedThreads: new Map(),
    allowMergeCommit: true,
    allowSquashMerge: true,
    allowRebaseMerge: true,
    deleteBranchOnMerge: false,
  };
}
