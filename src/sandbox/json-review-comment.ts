import type { SandboxContext } from './context.ts';
import { userJson } from './json.ts';
import { authorAssociation, reactionCounts } from './json-issue.ts';
import { nodeId } from './route-input.ts';
import type { Repository, ReviewComment } from './state.ts';

/** A comment on the diff: https://docs.github.com/en/rest/pulls/comments */
export function reviewCommentJson(
  sandbox: SandboxContext,
  repository: Repository,
  comment: ReviewComment,
): Record<string, unknown> {
  const pull = `${sandbox.url()}/repos/${repository.fullName}/pulls/${comment.pullNumber}`;
  const url = `${sandbox.url()}/repos/${repository.fullName}/pulls/comments/${comment.id}`;
  const page = `${sandbox.url()}/${repository.fullName}/pull/${comment.pullNumber}#discussion_r${comment.id}`;
  return {
    id: comment.id,
    node_id: nodeId('PullRequestReviewComment', comment.id),
    url,
    html_url: page,
    pull_request_url: pull,
    pull_request_review_id: comment.reviewId,
    ...(comment.inReplyToId === null ? {} : { in_reply_to_id: comment.inReplyToId }),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    position: 1,
    original_position: 1,
    line: comment.line,
    original_line: comment.line,
    start_line: comment.startLine,
    original_start_line: comment.startLine,
    start_side: comment.startLine === null ? null : comment.side,
    side: comment.side,
    subject_type: comment.line === null ? 'file' : 'line',
    commit_id: comment.commitId,
    original_commit_id: comment.originalCommitId,
    user: userJson(sandbox, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: authorAssociation(sandbox, repository, comment.user),
    reactions: { url: `${url}/reactions`, ...reactionCounts([]) },
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pull } },
  };
}
