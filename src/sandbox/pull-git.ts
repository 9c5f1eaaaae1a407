import type { SandboxContext } from './context.ts';
import { type GitCommit, type GitFileChange, diffCommits, log, mergeBase, resolveRef } from './git.ts';
import type { Issue, PullRequest, Repository } from './state.ts';

/** The issue half of a pull request: both are made together and never part. */
export function issueOf(repository: Repository, pull: PullRequest): Issue {
  const issue = repository.issues.get(pull.number);
  if (!issue) throw new Error(`pull request ${repository.fullName}#${pull.number} has no issue`);
  return issue;
}

export function isOpen(repository: Repository, pull: PullRequest): boolean {
  return issueOf(repository, pull).state === 'open';
}

/** Repository of the head; null when it is gone. */
export function headRepositoryOf(sandbox: SandboxContext, pull: PullRequest): Repository | null {
  return sandbox.state.repositories.get(pull.headRepository) ?? null;
}

/** What the pull request is compared with: the live base branch while it is open, then the tip of that time. */
export async function baseTip(repository: Repository, pull: PullRequest): Promise<string> {
  if (!isOpen(repository, pull)) return pull.baseSha;
  return (await resolveRef(repository.gitDir, `refs/heads/${pull.baseRef}`)) ?? pull.baseSha;
}

/** The files that a pull request changes: against the merge base, as GitHub shows them. */
export async function pullFiles(repository: Repository, pull: PullRequest): Promise<GitFileChange[]> {
  const base = await mergeBase(repository.gitDir, await baseTip(repository, pull), pull.headSha);
  return diffCommits(repository.gitDir, base, pull.headSha);
}

/** The commits that a pull request brings, oldest first. */
export async function pullCommits(repository: Repository, pull: PullRequest): Promise<GitCommit[]> {
  const range = { include: pull.headSha, exclude: await baseTip(repository, pull) };
  return (await log(repository.gitDir, range)).reverse();
}

/** Every path that a change touches: of a renamed file both. */
export function touchedPaths(files: GitFileChange[]): string[] {
  return files.flatMap((file) => (file.previousPath === null ? [file.path] : [file.path, file.previousPath]));
}
