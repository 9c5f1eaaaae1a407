import { join } from 'node:path';
import { importFiles, initBareRepository } from './bare-repository.ts';
import type { SandboxContext } from './context.ts';
import { userJson } from './json.ts';
import type { Repository, Role } from './state.ts';

export interface NewRepository {
  owner: string;
  name: string;
  private?: boolean;
  defaultBranch?: string;
  /** Path to content of the first commit. */
  files: Record<string, string | Buffer>;
  collaborators?: Record<string, Role>;
  /** Team slug to role. */
  teams?: Record<string, Role>;
}

/** Makes a repository with its first commit. Sends no `push`: there is nothing before it to compare with. */
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
  const { id, login } = userJson(sandbox, input.owner);
  const author = {
    name: input.owner,
    email: `${id}+${login}@users.noreply.github.com`,
    date: new Date(sandbox.now()).toISOString(),
  };
  await importFiles(repository.gitDir, repository.defaultBranch, input.files, author, 'Initial commit');
  sandbox.state.repositories.set(fullName, repository);
  return repository;
}

function emptyRepository(sandbox: SandboxContext, input: NewRepository, gitDir: string): Repository {
  return {
    id: sandbox.nextId(),
    owner: input.owner,
    name: input.name,
    fullName: `${input.owner}/${input.name}`,
    private: input.private ?? false,
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
    reviews: new Map(),
    checkRuns: new Map(),
    checkSuites: new Map(),
    statuses: [],
    workflows: new Map(),
    workflowRuns: new Map(),
    releases: new Map(),
    protections: new Map(),
    rulesets: new Map(),
    allowMergeCommit: true,
    allowSquashMerge: true,
    allowRebaseMerge: true,
    deleteBranchOnMerge: false,
  };
}
