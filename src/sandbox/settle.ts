import type { MiddlewareHandler } from 'hono';
import { tryAutoMerge } from './auto-merge.ts';
import type { Env, SandboxContext } from './context.ts';
import { advanceQueue } from './merge-queue.ts';
import { isLocked, withLock } from './repository-lock.ts';
import type { Repository } from './state.ts';

/** Does what GitHub does by itself: merges what waited for its requirements, and moves the merge queues on. */
export async function settle(sandbox: SandboxContext, repository: Repository): Promise<void> {
  if (!isWaiting(repository)) return;
  await withLock(repository, async () => {
    do {
      again.delete(repository);
      while (await step(sandbox, repository));
    } while (again.has(repository));
  });
}

/** Repositories that somebody pushed to while they were being settled. */
const again = new WeakSet<Repository>();

function isWaiting(repository: Repository): boolean {
  const queued = [...repository.mergeQueues.values()].some((entries) => entries.length > 0);
  return queued || [...repository.pulls.values()].some((pull) => pull.autoMerge && !pull.merged);
}

async function step(sandbox: SandboxContext, repository: Repository): Promise<boolean> {
  for (const pull of repository.pulls.values())
    if (await tryAutoMerge(sandbox, repository, pull)) return true;
  for (const base of repository.mergeQueues.keys())
    if (await advanceQueue(sandbox, repository, base)) return true;
  return false;
}

/** After each call that may have changed something, before its answer: whoever waits for the answer finds it done. */
export function settleAfterCalls(sandbox: SandboxContext): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return;
    for (const repository of sandbox.state.repositories.values()) await settle(sandbox, repository);
  };
}

/** After a push. A move that a merge made is followed by whoever made that merge, who holds the lock. */
export async function settleAfterPush(sandbox: SandboxContext): Promise<void> {
  // All of them: a push to a fork changes a pull request elsewhere.
  for (const repository of sandbox.state.repositories.values()) {
    if (isLocked(repository)) again.add(repository);
    else await settle(sandbox, repository);
  }
}
