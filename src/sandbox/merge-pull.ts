import type { RuleActor } from './bypass.ts';
import type { SandboxContext } from './context.ts';
import { GitHubError } from './errors.ts';
import { resolveRef, updateRef } from './git.ts';
import { writeMerge } from './merge.ts';
import { reasonsAgainst } from './mergeability.ts';
import { methodNotAllowed, refusal } from './protection.ts';
import { headRepositoryOf, isOpen } from './pull-git.ts';
import { emitPull, markMerged } from './pull-requests.ts';
import type { PullRequest, Repository, User } from './state.ts';
import type { MergeMethod } from './state-protection.ts';

export interface MergePull {
  method: MergeMethod;
  /** Head that must be there; whatever is there when left out. */
  sha?: string;
  title?: string;
  message?: string;
  user: User;
  actor: RuleActor;
}

/**
 * Merges a pull request, if everything allows it, and tells the world. The caller holds the repository's lock.
 * @returns the new tip of the base.
 * @throws GitHubError 405 with the reason, 409 when the head is another one:
 * https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
 */
export async function mergePull(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  request: MergePull,
): Promise<string> {
  requireOpen(repository, pull, request.method);
  if (request.sha && request.sha !== pull.headSha) throw headModified();
  const ref = `refs/heads/${pull.baseRef}`;
  const headSha = pull.headSha;
  const base = await resolveRef(repository.gitDir, ref);
  if (base === null) throw new GitHubError(404, 'Base branch does not exist');
  const { method, title, message, user } = request;
  const merge = { method, base, title, message, merger: user };
  const after = await writeMerge(sandbox, repository, pull, merge);
  if (after === null)
    throw new GitHubError(
      405,
      method === 'rebase' ? "This branch can't be rebased" : 'Pull Request is not mergeable',
    );
  const reasons = await reasonsAgainst(sandbox, repository, pull, request.actor, method);
  if (reasons.length > 0) throw new GitHubError(405, refusal(reasons));
  // A push to the head since then would be merged unseen.
  if (pull.headSha !== headSha) throw headModified();
  // Compare-and-swap: a push to the base since then makes the result wrong.
  if (!(await updateRef(repository.gitDir, ref, after, base)))
    throw new GitHubError(405, 'Base branch was modified. Review and try the merge again.');
  await finishMerge(sandbox, repository, pull, { before: base, after, user, activity: 'pr_merge' });
  return after;
}

/** What follows when the base has the merge: records it, announces the base and the pull request, deletes the head. */
export async function finishMerge(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  merge: { before: string; after: string; user: User; activity: 'pr_merge' | 'merge_queue_merge' },
): Promise<void> {
  const { before, after, user, activity } = merge;
  markMerged(sandbox, repository, pull, { by: user.login, commitSha: after, baseSha: before });
  const ref = `refs/heads/${pull.baseRef}`;
  await sandbox.refChanged(repository, { ref, before, after, pusher: user, activity });
  await emitPull(sandbox, repository, pull, { action: 'closed', sender: user });
  await deleteHead(sandbox, repository, pull, user);
}

function headModified(): GitHubError {
  return new GitHubError(409, 'Head branch was modified. Review and try the merge again.');
}

function requireOpen(repository: Repository, pull: PullRequest, method: MergeMethod): void {
  if (!isOpen(repository, pull)) throw new GitHubError(405, 'Pull Request is not mergeable');
  if (pull.draft) throw new GitHubError(405, 'Pull Request is still a draft');
  if (!isMethodAllowed(repository, method)) throw new GitHubError(405, methodNotAllowed(method));
}

/** Whether the settings of the repository have the method. */
export function isMethodAllowed(repository: Repository, method: MergeMethod): boolean {
  if (method === 'merge') return repository.allowMergeCommit;
  return method === 'squash' ? repository.allowSquashMerge : repository.allowRebaseMerge;
}

/** Branches of forks belong to others, and a head that moved on since the merge is kept. */
async function deleteHead(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  user: User,
): Promise<void> {
  const head = headRepositoryOf(sandbox, pull);
  if (!repository.deleteBranchOnMerge || head !== repository || pull.headRef === repository.defaultBranch)
    return;
  const ref = `refs/heads/${pull.headRef}`;
  if (await updateRef(repository.gitDir, ref, null, pull.headSha))
    await sandbox.refChanged(repository, { ref, before: pull.headSha, after: null, pusher: user });
}
