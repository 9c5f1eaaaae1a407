import { queueOf } from './branch-rules.ts';
import type { SandboxContext } from './context.ts';
import { GitHubError } from './errors.ts';
import { isMethodAllowed, mergePull } from './merge-pull.ts';
import { enqueue, queueRefusal } from './merge-queue.ts';
import { mergeability } from './mergeability.ts';
import { isWriter, peopleOf } from './people.ts';
import { methodNotAllowed } from './protection.ts';
import { isOpen } from './pull-git.ts';
import { emitPull } from './pull-requests.ts';
import { queueBot } from './queue-group.ts';
import { timestamp } from './route-input.ts';
import type { PullRequest, Repository, User } from './state.ts';
import type { MergeMethod } from './state-protection.ts';

/**
 * Why auto-merge cannot be switched on, in GitHub's words; null when it can. What can be merged at once is
 * refused too, which surprises many: https://github.com/peter-evans/enable-pull-request-automerge/issues/343
 */
export async function autoMergeRefusal(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  method: MergeMethod,
): Promise<string | null> {
  if (!repository.allowAutoMerge) return 'Auto merge is not allowed for this repository';
  if (!isOpen(repository, pull)) return 'Pull request is closed';
  if (!isMethodAllowed(repository, method)) return methodNotAllowed(method);
  const { state } = await mergeability(sandbox, repository, pull);
  return state === 'blocked' || state === 'behind' ? null : `Pull request is in ${state} status`;
}

/** https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/automatically-merging-a-pull-request */
export async function enableAutoMerge(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  input: { user: User; method: MergeMethod; title: string | null; message: string | null },
): Promise<void> {
  const { user, method, title, message } = input;
  const { headSha, baseRef } = pull;
  const enabledAt = timestamp(sandbox);
  pull.autoMerge = { enabledBy: user.login, enabledAt, method, title, message, headSha, baseRef };
  await emitPull(sandbox, repository, pull, { action: 'auto_merge_enabled', sender: user });
}

export async function disableAutoMerge(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  input: { sender: User; reason: string },
): Promise<void> {
  pull.autoMerge = null;
  const { sender, reason } = input;
  await emitPull(sandbox, repository, pull, { action: 'auto_merge_disabled', sender, extra: { reason } });
}

/**
 * Merges a pull request that waits for it when nothing stands in its way any more, or puts it into the queue.
 * @returns whether something changed. The caller holds the repository's lock.
 */
export async function tryAutoMerge(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Promise<boolean> {
  const { autoMerge } = pull;
  if (!autoMerge || pull.merged) return false;
  const reason = whyOff(sandbox, repository, pull);
  const user = sandbox.state.users.get(autoMerge.enabledBy) ?? queueBot(sandbox);
  if (reason !== null) {
    const sender = sandbox.state.users.get(pull.lastPusher) ?? user;
    await disableAutoMerge(sandbox, repository, pull, { sender, reason });
    return true;
  }
  autoMerge.headSha = pull.headSha;
  if (queueOf(sandbox, repository, pull.baseRef) !== null) {
    if ((await queueRefusal(sandbox, repository, pull)) !== null) return false;
    await enqueue(sandbox, repository, pull, { user, jump: false });
    return true;
  }
  const { state } = await mergeability(sandbox, repository, pull);
  if (state !== 'clean' && state !== 'unstable') return false;
  return mergeAs(sandbox, repository, pull, user);
}

/** A head that somebody without write access changed, and another base, must be looked at again by a person. */
function whyOff(sandbox: SandboxContext, repository: Repository, pull: PullRequest): string | null {
  const { autoMerge } = pull;
  if (!autoMerge) return null;
  if (!isOpen(repository, pull)) return 'Pull request was closed';
  if (pull.baseRef !== autoMerge.baseRef) return 'Base branch was changed';
  const people = peopleOf(sandbox, repository);
  const trusted = people.isBot(pull.lastPusher) || isWriter(people, pull.lastPusher);
  if (pull.headSha !== autoMerge.headSha && !trusted)
    return 'Head branch was pushed to by a user without write access';
  return null;
}

async function mergeAs(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  user: User,
): Promise<boolean> {
  const { method = 'merge', title, message } = pull.autoMerge ?? {};
  const app = [...sandbox.state.apps.values()].find((one) => one.botLogin === user.login);
  try {
    await mergePull(sandbox, repository, pull, {
      method,
      sha: pull.headSha,
      title: title ?? undefined,
      message: message ?? undefined,
      user,
      actor: { login: user.login, appId: app?.id ?? null },
    });
    return true;
  } catch (error) {
    // What keeps this person from merging is no error of whoever made the call: it goes on waiting.
    if (error instanceof GitHubError) return false;
    throw error;
  }
}
