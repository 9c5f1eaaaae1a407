import type { SandboxContext } from './context.ts';
import type { GitHubError } from './errors.ts';
import { fetchFrom, isAncestor, mergeBase, resolveRef } from './git.ts';
import { isOpen } from './pull-git.ts';
import { keepPullRef } from './pull-requests.ts';
import { timestamp, validationFailed } from './route-input.ts';
import type { PullRequest, Repository, User } from './state.ts';

export interface NewPull {
  title: string;
  body: string | null;
  /** `branch` or `owner:branch`. */
  head: string;
  /** Name of the head repository, when its owner has several of the network. */
  headRepo?: string;
  base: string;
  draft: boolean;
  maintainerCanModify: boolean;
  user: User;
  appId: number | null;
}

/** Opens a pull request after GitHub's validations. The caller emits the event. @throws GitHubError 422 */
export async function openPull(
  sandbox: SandboxContext,
  repository: Repository,
  input: NewPull,
): Promise<PullRequest> {
  const { head, headRef } = headOf(sandbox, repository, input);
  const [headSha, baseSha] = await Promise.all([
    resolveRef(head.gitDir, `refs/heads/${headRef}`),
    resolveRef(repository.gitDir, `refs/heads/${input.base}`),
  ]);
  if (headSha === null) throw invalid('head');
  if (baseSha === null) throw invalid('base');
  if (head !== repository) await fetchFrom(repository.gitDir, head.gitDir, `refs/heads/${headRef}`);
  await requireCommits(repository, input, baseSha, headSha);
  requireNew(repository, head, headRef, input.base);
  const pull = record(sandbox, repository, input, {
    headRepository: head.fullName,
    headRef,
    headSha,
    baseSha,
  });
  await keepPullRef(sandbox, repository, pull);
  return pull;
}

function invalid(field: string): GitHubError {
  return validationFailed({ resource: 'PullRequest', field, code: 'invalid' });
}

/** Which repository and branch `head` means: the repository itself or one of its forks. */
export function headOf(
  sandbox: SandboxContext,
  repository: Repository,
  input: { head: string; headRepo?: string },
): { head: Repository; headRef: string } {
  const colon = input.head.indexOf(':');
  const owner = colon === -1 ? repository.owner : input.head.slice(0, colon);
  const headRef = input.head.slice(colon + 1);
  const candidates = [...sandbox.state.repositories.values()].filter(
    (one) =>
      one.owner.toLowerCase() === owner.toLowerCase() &&
      (one === repository || one.forkOf === repository.fullName) &&
      (input.headRepo === undefined || one.name === input.headRepo || one.fullName === input.headRepo),
  );
  const head = candidates.find((one) => one === repository) ?? candidates[0];
  if (!head || headRef === '') throw invalid('head');
  return { head, headRef };
}

async function requireCommits(
  repository: Repository,
  input: NewPull,
  base: string,
  head: string,
): Promise<void> {
  const custom = (message: string) => validationFailed({ resource: 'PullRequest', code: 'custom', message });
  if ((await mergeBase(repository.gitDir, base, head)) === null)
    throw custom(`The ${input.head} branch has no history in common with ${input.base}`);
  if (await isAncestor(repository.gitDir, head, base))
    throw custom(`No commits between ${input.base} and ${input.head}`);
}

function requireNew(repository: Repository, head: Repository, headRef: string, base: string): void {
  for (const pull of repository.pulls.values()) {
    if (pull.headRepository !== head.fullName || pull.headRef !== headRef || pull.baseRef !== base) continue;
    if (!isOpen(repository, pull)) continue;
    const message = `A pull request already exists for ${head.owner}:${headRef}.`;
    throw validationFailed({ resource: 'PullRequest', code: 'custom', message });
  }
}

/** Nothing is awaited between the last validation and here, so that two requests cannot both open one. */
function record(
  sandbox: SandboxContext,
  repository: Repository,
  input: NewPull,
  git: { headRepository: string; headRef: string; headSha: string; baseSha: string },
): PullRequest {
  const number = repository.nextNumber++;
  const now = timestamp(sandbox);
  repository.issues.set(number, {
    id: sandbox.nextId(),
    number,
    title: input.title,
    body: input.body,
    user: input.user.login,
    state: 'open',
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    isPullRequest: true,
    locked: false,
    appId: input.appId,
  });
  const pull: PullRequest = {
    ...git,
    id: sandbox.nextId(),
    number,
    lastPusher: input.user.login,
    baseRef: input.base,
    draft: input.draft,
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    requestedReviewers: [],
    requestedTeams: [],
    maintainerCanModify: input.maintainerCanModify,
  };
  repository.pulls.set(number, pull);
  return pull;
}
