import { actingUser } from './access.ts';
import type { RouteContext, SandboxContext } from './context.ts';
import { GitHubError } from './errors.ts';
import { updateRef } from './git.ts';
import type { Repository } from './state.ts';

export interface RefMove {
  ref: string;
  /** What the ref names now; null when it must not exist. */
  before: string | null;
  /** null deletes. */
  after: string | null;
}

/**
 * The one way in which the API moves a ref: asks protection, moves it by compare-and-swap, announces it.
 * @returns false when the ref was not at `before` any more, or cannot be what is asked.
 * @throws GitHubError with `refusedStatus` when protection says no.
 */
export async function moveRef(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  move: RefMove,
  refusedStatus = 422,
): Promise<boolean> {
  const user = actingUser(c);
  const reason = (await sandbox.onBeforePush?.(repository, { ...move, user, actor: c.get('actor') })) ?? null;
  if (reason !== null) throw new GitHubError(refusedStatus, reason);
  if (!(await updateRef(repository.gitDir, move.ref, move.after, move.before))) return false;
  await sandbox.refChanged(repository, { ...move, pusher: user });
  return true;
}
