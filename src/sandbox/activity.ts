import type { RefChange, SandboxContext } from './context.ts';
import { isAncestor } from './git.ts';
import { timestamp } from './route-input.ts';
import type { Activity, Repository } from './state.ts';

/** Keeps a move of a branch: what, when by GitHub's clock, and which login. Tags leave no trace here. */
export async function recordActivity(
  sandbox: SandboxContext,
  repository: Repository,
  change: RefChange,
): Promise<void> {
  if (!change.ref.startsWith('refs/heads/')) return;
  // Asked first: nothing is awaited between the id and the list, so that ids rise.
  const type = change.activity ?? (await activityType(repository, change));
  repository.activity.push({
    id: sandbox.nextId(),
    ref: change.ref,
    before: change.before,
    after: change.after,
    actor: change.pusher.login,
    type,
    timestamp: timestamp(sandbox),
  });
}

async function activityType(repository: Repository, { before, after }: RefChange): Promise<Activity['type']> {
  if (before === null) return 'branch_creation';
  if (after === null) return 'branch_deletion';
  return (await isAncestor(repository.gitDir, before, after)) ? 'push' : 'force_push';
}
