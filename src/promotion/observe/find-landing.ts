import type { BranchMove } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';

/** When a commit came to a branch. */
export interface Found {
  atMs: number;
  /** It may have been there before: the moves that were read do not reach back further. */
  isAtLatest: boolean;
  /** What the branch pointed at since, newest first, down to where it came. */
  tips: string[];
}

/**
 * The move that brought a commit to a branch, by GitHub's record: a commit's own dates can be forged. Null when the
 * record does not hold the commit yet. Where the branch was rewritten, the commit counts as new there.
 */
export async function findLanding(
  moves: readonly BranchMove[],
  sha: string,
  isAncestor: RepositoryReader['isAncestor'],
): Promise<Found | null> {
  const rewrite = moves.findIndex((move) => move.isRewrite);
  const kept = rewrite === -1 ? moves : moves.slice(0, rewrite + 1);
  const index = await findIndex(kept, sha, isAncestor);
  const move = kept[index];
  if (!move) return null;
  const tips = [...new Set(kept.slice(0, index + 1).map(({ after }) => after))];
  const isLast = index === kept.length - 1;
  const wasThere = isLast && !move.isRewrite && move.after !== sha && (await isAncestor(sha, move.before));
  return { atMs: move.atMs, isAtLatest: wasThere, tips };
}

/** Between rewrites a branch only gains commits, so that the first move that holds one is found by halving. */
async function findIndex(
  moves: readonly BranchMove[],
  sha: string,
  isAncestor: RepositoryReader['isAncestor'],
): Promise<number> {
  const exact = moves.findIndex(({ after }) => after === sha);
  if (exact !== -1) return exact;
  if (!moves[0] || !(await isAncestor(sha, moves[0].after))) return -1;
  let holds = 0;
  let lacks = moves.length;
  while (lacks - holds > 1) {
    const middle = Math.floor((holds + lacks) / 2);
    if (await isAncestor(sha, moves[middle]!.after)) holds = middle;
    else lacks = middle;
  }
  return holds;
}
