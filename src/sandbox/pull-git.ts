import type { SandboxContext } from './context.ts';
import { diffCommits, type GitCommit, type GitFileChange, log, mergeBase, resolveRef } from './git.ts';
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

interface Comparison {
  files: GitFileChange[];
  commits: GitCommit[];
}

/** Two commits always compare the same, so what git said once is kept; the oldest makes room. */
const comparisons = new Map<string, Promise<Comparison>>();
const MAX_COMPARISONS = 200;

async function comparePull(repository: Repository, pull: PullRequest): Promise<Comparison> {
  const head = pull.headSha;
  const base = await baseTip(repository, pull);
  const key = `${repository.gitDir} ${base} ${head}`;
  const known = comparisons.get(key);
  if (known) return known;
  const comparison = compare(repository.gitDir, base, head);
  comparisons.set(key, comparison);
  comparison.catch(() => comparisons.delete(key));
  const [oldest] = comparisons.keys();
  if (oldest !== undefined && comparisons.size > MAX_COMPARISONS) comparisons.delete(oldest);
  return comparison;
}

async function compare(gitDir: string, base: string, head: string): Promise<Comparison> {
  const from = await mergeBase(gitDir, base, head);
  const [files, commits] = await Promise.all([
    diffCommits(gitDir, from, head),
    log(gitDir, { include: head, exclude: base }),
  ]);
  return { files, commits: commits.reverse() };
}

/** The files that a pull request changes: against the merge base, as GitHub shows them. */
export async function pullFiles(repository: Repository, pull: PullRequest): Promise<GitFileChange[]> {
  return (await comparePull(repository, pull)).files;
}

/** The commits that a pull request brings, oldest first. */
export async function pullCommits(repository: Repository, pull: PullRequest): Promise<GitCommit[]> {
  return (await comparePull(repository, pull)).commits;
}

/** Every path that a change touches: of a renamed file both. */
export function touchedPaths(files: GitFileChange[]): string[] {
  return files.flatMap((file) => (file.previousPath === null ? [file.path] : [file.path, file.previousPath]));
}
