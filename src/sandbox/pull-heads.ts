import type { RefChange, SandboxContext } from './context.ts';
import { isAncestor } from './git.ts';
import { isOpen } from './pull-git.ts';
import { closePull, emitPull, markMerged, pullsFrom, synchronizePull } from './pull-requests.ts';
import type { Repository } from './state.ts';

const BRANCH = 'refs/heads/';

/** Lets pull requests follow a branch that moved: as their head, and as their base. */
export async function followBranch(
  sandbox: SandboxContext,
  repository: Repository,
  change: RefChange,
): Promise<void> {
  if (!change.ref.startsWith(BRANCH)) return;
  const branch = change.ref.slice(BRANCH.length);
  await followAsHead(sandbox, repository, branch, change);
  await followAsBase(sandbox, repository, branch, change);
}

async function followAsHead(
  sandbox: SandboxContext,
  head: Repository,
  branch: string,
  { after, pusher }: RefChange,
): Promise<void> {
  for (const { repository, pull } of pullsFrom(sandbox, head, branch)) {
    if (after === null) await closePull(sandbox, repository, pull, pusher);
    else if (after !== pull.headSha) await synchronizePull(sandbox, repository, pull, { after, pusher });
  }
}

/** A base that is gone closes what wanted to go there; a base that has the head already has merged it. */
async function followAsBase(
  sandbox: SandboxContext,
  repository: Repository,
  branch: string,
  { before, after, pusher }: RefChange,
): Promise<void> {
  for (const pull of repository.pulls.values()) {
    if (pull.baseRef !== branch || !isOpen(repository, pull)) continue;
    if (after === null) {
      await closePull(sandbox, repository, pull, pusher);
    } else if (await isAncestor(repository.gitDir, pull.headSha, after)) {
      const baseSha = before ?? pull.baseSha;
      markMerged(sandbox, repository, pull, { by: pusher.login, commitSha: after, baseSha });
      await emitPull(sandbox, repository, pull, { action: 'closed', sender: pusher });
    }
  }
}
