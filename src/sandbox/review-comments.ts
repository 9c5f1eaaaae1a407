import type { SandboxContext } from './context.ts';
import { pullSummaryJson, reviewJson } from './json-pull.ts';
import { reviewCommentJson } from './json-review-comment.ts';
import { timestamp } from './route-input.ts';
import type { PullRequest, Repository, Review, ReviewComment, User } from './state.ts';

/** Keeps a comment on the diff. GitHub wraps one that is not part of a review in a review of its own. */
export async function addReviewComment(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  input: Pick<
    ReviewComment,
    'body' | 'path' | 'line' | 'startLine' | 'side' | 'diffHunk' | 'commitId' | 'inReplyToId'
  >,
  sender: User,
): Promise<ReviewComment> {
  const now = timestamp(sandbox);
  const review: Review = {
    id: sandbox.nextId(),
    pullNumber: pull.number,
    user: sender.login,
    state: 'COMMENTED',
    body: '',
    commitId: input.commitId,
    submittedAt: now,
  };
  const comment: ReviewComment = {
    ...input,
    id: sandbox.nextId(),
    pullNumber: pull.number,
    reviewId: review.id,
    user: sender.login,
    originalCommitId: input.commitId,
    createdAt: now,
    updatedAt: now,
  };
  repository.reviews.set(review.id, review);
  repository.reviewComments.set(comment.id, comment);
  await emitReviewComment(sandbox, repository, comment, { action: 'created', sender });
  const payload = {
    review: { ...reviewJson(sandbox, repository, review), state: 'commented' },
    pull_request: pullSummaryJson(sandbox, repository, pull),
  };
  sandbox.emit('pull_request_review', { repository, sender, action: 'submitted', payload });
  return comment;
}

export async function emitReviewComment(
  sandbox: SandboxContext,
  repository: Repository,
  comment: ReviewComment,
  event: { action: 'created' | 'edited' | 'deleted'; sender: User; extra?: Record<string, unknown> },
): Promise<void> {
  const pull = repository.pulls.get(comment.pullNumber);
  if (!pull) return;
  const payload = {
    comment: reviewCommentJson(sandbox, repository, comment),
    pull_request: pullSummaryJson(sandbox, repository, pull),
    ...event.extra,
  };
  const { action, sender } = event;
  sandbox.emit('pull_request_review_comment', { repository, sender, action, payload });
}
