import type { SandboxContext } from './context.ts';
import { fetchFrom, resolveRef } from './git.ts';
import { headRepositoryOf, issueOf } from './pull-git.ts';
import { closePull, emitPull, synchronizePull } from './pull-requests.ts';
import { timestamp, validationFailed } from './route-input.ts';
import type { PullRequest, Repository, User } from './state.ts';

export interface PullUpdate {
  title?: string;
  body?: string | null;
  state?: 'open' | 'closed';
  base?: string;
}

/** Changes a pull request and tells it: `edited` with what was before, `closed`, `reopened`. @throws GitHubError 422 */
export async function updatePull(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  update: PullUpdate,
  user: User,
): Promise<void> {
  const issue = issueOf(repository, pull);
  const changes: Record<string, unknown> = {};
  if (update.title !== undefined && update.title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = update.title;
  }
  if (update.body !== undefined && update.body !== issue.body) {
    changes.body = { from: issue.body ?? '' };
    issue.body = update.body;
  }
  if (update.base !== undefined && update.base !== pull.baseRef)
    changes.base = await changeBase(repository, pull, update.base);
  if (Object.keys(changes).length > 0) {
    issue.updatedAt = timestamp(sandbox);
    await emitPull(sandbox, repository, pull, { action: 'edited', sender: user, extra: { changes } });
  }
  if (update.state === 'closed' && issue.state === 'open') await closePull(sandbox, repository, pull, user);
  if (update.state === 'open' && issue.state === 'closed') await reopen(sandbox, repository, pull, user);
}

async function changeBase(repository: Repository, pull: PullRequest, base: string): Promise<unknown> {
  const sha = await resolveRef(repository.gitDir, `refs/heads/${base}`);
  if (sha === null) throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
  const before = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
  pull.baseRef = base;
  pull.baseSha = sha;
  return before;
}

/** Merged ones stay so, and without its branch there is nothing to reopen. */
async function reopen(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  user: User,
): Promise<void> {
  const head = headRepositoryOf(sandbox, pull);
  const headSha = head && (await resolveRef(head.gitDir, `refs/heads/${pull.headRef}`));
  if (pull.merged || !head || !headSha) {
    const message = pull.merged
      ? 'Merged pull requests cannot be reopened.'
      : 'state cannot be changed. The head branch is gone.';
    throw validationFailed({ resource: 'PullRequest', field: 'state', code: 'invalid', message });
  }
  const issue = issueOf(repository, pull);
  Object.assign(issue, { state: 'open', closedAt: null, closedBy: null, updatedAt: timestamp(sandbox) });
  if (head !== repository) await fetchFrom(repository.gitDir, head.gitDir, `refs/heads/${pull.headRef}`);
  await emitPull(sandbox, repository, pull, { action: 'reopened', sender: user });
  if (headSha !== pull.headSha)
    await synchronizePull(sandbox, repository, pull, { after: headSha, pusher: user });
}
