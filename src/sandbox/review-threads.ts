import type { Repository, ReviewComment } from './state.ts';

/** A conversation on a line of a pull request: its first comment and the answers to it. */
export interface ReviewThread {
  /** Id of the first comment. */
  id: number;
  pullNumber: number;
  comments: ReviewComment[];
  /** Login of whoever resolved it; null while it is open. */
  resolvedBy: string | null;
}

/** The conversations of a pull request, oldest first. */
export function threadsOf(repository: Repository, pullNumber: number): ReviewThread[] {
  const all = [...repository.reviewComments.values()].filter((one) => one.pullNumber === pullNumber);
  return all
    .filter((comment) => comment.inReplyToId === null)
    .map((first) => ({
      id: first.id,
      pullNumber,
      comments: [first, ...all.filter((comment) => comment.inReplyToId === first.id)],
      resolvedBy: repository.resolvedThreads.get(first.id) ?? null,
    }));
}
