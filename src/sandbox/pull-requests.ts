import { dismissesStaleReviews } from './branch-rules.ts';
import type { SandboxContext } from './context.ts';
import { diffCommits, fetchFrom, isAncestor, mergeBase, resolveRef, updateRef } from './git.ts';
import { pullJson, reviewJson } from './json-pull.ts';
import { headRepositoryOf, isOpen, issueOf } from './pull-git.ts';
import { timestamp } from './route-input.ts';
import type { PullRequest, Repository, User } from './state.ts';

/** Tells the Apps about a pull request, as it is now. */
export async function emitPull(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  event: { action: string; sender: User; extra?: Record<string, unknown> },
): Promise<void> {
  const payload = {
    number: pull.number,
    pull_request: await pullJson(sandbox, repository, pull),
    ...event.extra,
  };
  sandbox.emit('pull_request', { repository, sender: event.sender, action: event.action, payload });
}

/** Keeps `refs/pull/N/head` at the head; commits of a fork are fetched into the base repository. */
export async function keepPullRef(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Promise<void> {
  const fork = headRepositoryOf(sandbox, pull);
  if (fork && fork !== repository)
    await fetchFrom(repository.gitDir, fork.gitDir, `refs/heads/${pull.headRef}`);
  await updateRef(repository.gitDir, `refs/pull/${pull.number}/head`, pull.headSha);
}

/** Closes without merging; what it is compared with from now on is the base of this moment. */
export async function closePull(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  user: User,
): Promise<void> {
  const base = await resolveRef(repository.gitDir, `refs/heads/${pull.baseRef}`);
  if (base !== null && !(await isAncestor(repository.gitDir, pull.headSha, base))) pull.baseSha = base;
  markClosed(sandbox, repository, pull, user.login);
  await emitPull(sandbox, repository, pull, { action: 'closed', sender: user });
}

/** Records a merge. `baseSha` is the tip of the base branch just before it. The caller emits the event. */
export function markMerged(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  merge: { by: string; commitSha: string; baseSha: string },
): void {
  markClosed(sandbox, repository, pull, merge.by);
  pull.merged = true;
  pull.mergedAt = timestamp(sandbox);
  pull.mergedBy = merge.by;
  pull.mergeCommitSha = merge.commitSha;
  pull.baseSha = merge.baseSha;
}

function markClosed(sandbox: SandboxContext, repository: Repository, pull: PullRequest, login: string): void {
  const issue = issueOf(repository, pull);
  issue.state = 'closed';
  issue.closedAt = timestamp(sandbox);
  issue.updatedAt = issue.closedAt;
  issue.closedBy = login;
}

/** The head branch moved: the pull request follows, and approvals of what is no longer there may go. */
export async function synchronizePull(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  change: { after: string; pusher: User },
): Promise<void> {
  const before = pull.headSha;
  const base = await resolveRef(repository.gitDir, `refs/heads/${pull.baseRef}`);
  const oldDiff = await diffText(repository, base ?? pull.baseSha, before);
  pull.headSha = change.after;
  pull.lastPusher = change.pusher.login;
  await keepPullRef(sandbox, repository, pull);
  if (base !== null) pull.baseSha = base;
  issueOf(repository, pull).updatedAt = timestamp(sandbox);
  await emitPull(sandbox, repository, pull, {
    action: 'synchronize',
    sender: change.pusher,
    extra: { before, after: change.after },
  });
  const changed = oldDiff !== (await diffText(repository, base ?? pull.baseSha, change.after));
  if (changed && dismissesStaleReviews(sandbox, repository, pull.baseRef))
    await dismissApprovals(sandbox, repository, pull, change.pusher);
  if (base !== null && (await isAncestor(repository.gitDir, change.after, base)))
    await closePull(sandbox, repository, pull, change.pusher);
}

/** A push that leaves the diff as it was (the base merged in, say) does not make approvals stale. */
async function diffText(repository: Repository, base: string, head: string): Promise<string> {
  const from = await mergeBase(repository.gitDir, base, head);
  return JSON.stringify(await diffCommits(repository.gitDir, from, head));
}

async function dismissApprovals(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  sender: User,
): Promise<void> {
  for (const review of repository.reviews.values()) {
    if (review.pullNumber !== pull.number || review.state !== 'APPROVED') continue;
    review.state = 'DISMISSED';
    sandbox.emit('pull_request_review', {
      repository,
      sender,
      action: 'dismissed',
      payload: {
        review: { ...reviewJson(sandbox, repository, review), state: 'dismissed' },
        pull_request: await pullJson(sandbox, repository, pull),
      },
    });
  }
}

/** Open pull requests that a branch is the head of, wherever they want to go. */
export function pullsFrom(
  sandbox: SandboxContext,
  head: Repository,
  branch: string,
): { repository: Repository; pull: PullRequest }[] {
  return [...sandbox.state.repositories.values()].flatMap((repository) =>
    [...repository.pulls.values()]
      .filter((pull) => pull.headRepository === head.fullName && pull.headRef === branch)
      .filter((pull) => isOpen(repository, pull))
      .map((pull) => ({ repository, pull })),
  );
}
