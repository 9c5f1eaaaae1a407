import type { BranchMove } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';

/** A time in which nothing that came to the branch touched a folder. */
export interface Segment {
  /** What the branch pointed at then, newest first. The folder was the same at all of them. */
  tips: [string, ...string[]];
  /** When it began; null when it began before what is known. */
  fromMs: number | null;
  /** It may have begun earlier: the moves that were read do not reach back further. */
  isAtLatest: boolean;
  /** When it ended; null when it lasts. */
  untilMs: number | null;
}

type History = Pick<RepositoryReader, 'listCommits' | 'isAncestor' | 'readCommit'>;

/** Each costs some calls, the first time that it is looked at. */
const MOST_SEGMENTS = 20;

/**
 * The past of one folder as GitHub recorded it, newest first, read as far as it is asked for. `moves` are those of the
 * branch, from its tip on. What the branch pointed at counts, and not what its commits were in between: that alone was
 * ever deployed. A rewrite of the branch starts anew. The oldest segment is known by its end alone.
 */
export async function* listSegments(
  history: History,
  moves: readonly BranchMove[],
  root: string,
  most = MOST_SEGMENTS,
): AsyncGenerator<Segment, void, undefined> {
  const rewrite = moves.findIndex((move) => move.isRewrite);
  const kept = rewrite === -1 ? moves : moves.slice(0, rewrite + 1);
  const last = kept.length - 1;
  let start = 0;
  for (let count = 0; start <= last; count++) {
    // One at a time, from what the branch pointed at: the history of a folder walks past what a merge left out.
    const [commit] = await history.listCommits(kept[start]!.after, root, 1);
    const end = commit === undefined ? last : await findMove(history, kept, start, commit);
    const isCut = count >= most;
    yield {
      tips: kept.slice(start, end + 1).map(({ after }) => after) as [string, ...string[]],
      fromMs: isCut ? null : kept[end]!.atMs,
      isAtLatest: end === last && !kept[end]!.isRewrite,
      untilMs: kept[start - 1]?.atMs ?? null,
    };
    if (isCut) return;
    start = end + 1;
    if (start > last && commit !== undefined && !kept[last]!.isRewrite)
      yield* before(history, commit, kept[last]!);
  }
}

/** What stood there before the oldest change that is known. */
async function* before(
  history: History,
  commit: string,
  { atMs }: BranchMove,
): AsyncGenerator<Segment, void, undefined> {
  const [parent] = (await history.readCommit(commit)).parents;
  if (parent !== undefined) yield { tips: [parent], fromMs: null, isAtLatest: true, untilMs: atMs };
}

/**
 * Index of the move that brought a commit to the branch, of those from `start` on; that of the last one when it was
 * there before. Between rewrites a branch only gains commits, so that ranges are split; where does not depend on where
 * the record begins and ends, so that what an earlier look asked is asked again, and known.
 */
async function findMove(
  { isAncestor }: Pick<History, 'isAncestor'>,
  moves: readonly BranchMove[],
  start: number,
  sha: string,
): Promise<number> {
  const exact = moves.findIndex(({ after }, index) => index >= start && after === sha);
  if (exact !== -1) return exact;
  let holds = start;
  let lacks = moves.length;
  while (lacks - holds > 1) {
    const split = smallestBetween(moves, holds, lacks);
    if (await isAncestor(sha, moves[split]!.after)) holds = split;
    else lacks = split;
  }
  return holds;
}

function smallestBetween(moves: readonly BranchMove[], above: number, below: number): number {
  let smallest = above + 1;
  for (let index = smallest + 1; index < below; index++) {
    if (moves[index]!.after < moves[smallest]!.after) smallest = index;
  }
  return smallest;
}
