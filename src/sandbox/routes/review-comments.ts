import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { hunkAt } from '../diff-lines.ts';
import { requireAuthorOr } from '../issue-access.ts';
import { reviewCommentJson } from '../json-review-comment.ts';
import { paginate } from '../paginate.ts';
import { pullCommits, pullFiles } from '../pull-git.ts';
import { addReviewComment, emitReviewComment } from '../review-comments.ts';
import { bodyOf, notFound, numberParam, timestamp, validationFailed } from '../route-input.ts';
import type { PullRequest, Repository, ReviewComment } from '../state.ts';
import { requirePull } from './pulls.ts';

const Text = z.object({ body: z.string().min(1).max(65_536) });
const NewComment = Text.extend({
  commit_id: z.string(),
  path: z.string().min(1),
  line: z.number().int().positive().optional(),
  start_line: z.number().int().positive().optional(),
  side: z.enum(['LEFT', 'RIGHT']).default('RIGHT'),
  start_side: z.enum(['LEFT', 'RIGHT', 'side']).optional(),
  subject_type: z.enum(['line', 'file']).default('line'),
  in_reply_to: z.number().int().optional(),
});

/** Comments on the diff. https://docs.github.com/en/rest/pulls/comments */
export const reviewCommentRoutes: Routes = (app, sandbox) => {
  const pulls = '/repos/:owner/:repo/pulls';
  const json = (repository: Repository) => (one: ReviewComment) =>
    reviewCommentJson(sandbox, repository, one);
  app.get(`${pulls}/comments`, (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['pull_requests', 'read'] });
    return c.json(paginate(c, sorted(c, [...repository.reviewComments.values()])).map(json(repository)));
  });
  app.get(`${pulls}/:number/comments`, (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox);
    const all = [...repository.reviewComments.values()].filter((one) => one.pullNumber === pull.number);
    return c.json(paginate(c, sorted(c, all)).map(json(repository)));
  });
  app.post(`${pulls}/:number/comments`, async (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox, 'write');
    const body = await bodyOf(c, NewComment);
    const place =
      body.in_reply_to === undefined
        ? await placeOf(repository, pull, body)
        : answerTo(requireFirst(repository, pull, body.in_reply_to));
    const input = { ...place, body: body.body };
    const comment = await addReviewComment(sandbox, repository, pull, input, actingUser(c));
    return c.json(json(repository)(comment), 201);
  });
  app.post(`${pulls}/:number/comments/:id/replies`, async (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox, 'write');
    const first = requireFirst(repository, pull, numberParam(c, 'id'));
    const { body } = await bodyOf(c, Text);
    const input = { ...answerTo(first), body };
    const comment = await addReviewComment(sandbox, repository, pull, input, actingUser(c));
    return c.json(json(repository)(comment), 201);
  });
  app.get(`${pulls}/comments/:id`, (c: RouteContext) => {
    const { repository, comment } = requireComment(c, sandbox, 'read');
    return c.json(json(repository)(comment));
  });
  app.patch(`${pulls}/comments/:id`, async (c: RouteContext) => {
    const { repository, comment } = requireComment(c, sandbox, 'write');
    const user = requireAuthorOr(c, sandbox, repository, comment.user, 'write');
    const changes = { body: { from: comment.body } };
    comment.body = (await bodyOf(c, Text)).body;
    comment.updatedAt = timestamp(sandbox);
    await emitReviewComment(sandbox, repository, comment, {
      action: 'edited',
      sender: user,
      extra: { changes },
    });
    return c.json(json(repository)(comment));
  });
  app.delete(`${pulls}/comments/:id`, async (c: RouteContext) => {
    const { repository, comment } = requireComment(c, sandbox, 'write');
    const user = requireAuthorOr(c, sandbox, repository, comment.user, 'write');
    repository.reviewComments.delete(comment.id);
    await emitReviewComment(sandbox, repository, comment, { action: 'deleted', sender: user });
    return c.body(null, 204);
  });
};

type Place = Pick<
  ReviewComment,
  'path' | 'line' | 'startLine' | 'side' | 'diffHunk' | 'commitId' | 'inReplyToId'
>;

function requireComment(
  c: RouteContext,
  sandbox: SandboxContext,
  access: 'read' | 'write',
): { repository: Repository; comment: ReviewComment } {
  const repository = requireRepository(c, sandbox, { permission: ['pull_requests', access] });
  const comment = repository.reviewComments.get(numberParam(c, 'id'));
  if (!comment) throw notFound();
  return { repository, comment };
}

/** The first comment of a thread: there are no answers to answers. */
function requireFirst(repository: Repository, pull: PullRequest, id: number): ReviewComment {
  const comment = repository.reviewComments.get(id);
  if (!comment || comment.pullNumber !== pull.number || comment.inReplyToId !== null) throw notFound();
  return comment;
}

function answerTo(first: ReviewComment): Place {
  const { path, line, startLine, side, diffHunk, commitId, id } = first;
  return { path, line, startLine, side, diffHunk, commitId, inReplyToId: id };
}

/** Where a comment stands. @throws GitHubError 422 when the pull request does not show that place. */
async function placeOf(
  repository: Repository,
  pull: PullRequest,
  body: z.output<typeof NewComment>,
): Promise<Place> {
  const invalid = (field: string, message: string) =>
    validationFailed({ resource: 'PullRequestReviewComment', code: 'custom', field, message });
  const commits = await pullCommits(repository, pull);
  if (!commits.some((commit) => commit.sha === body.commit_id))
    throw invalid('pull_request_review_thread.commit', 'commit_id is not part of the pull request');
  const file = (await pullFiles(repository, pull)).find((one) => one.path === body.path);
  if (!file) throw invalid('pull_request_review_thread.path', 'pull_request_review_thread.path is invalid');
  const { path, commit_id: commitId, side, start_line: startLine = null } = body;
  const place = { path, commitId, side, inReplyToId: null };
  if (body.subject_type === 'file') return { ...place, line: null, startLine: null, diffHunk: '' };
  const diffHunk = body.line === undefined ? null : hunkAt(file.patch ?? '', side, body.line);
  if (diffHunk === null || body.line === undefined)
    throw invalid(
      'pull_request_review_thread.line',
      'pull_request_review_thread.line must be part of the diff',
    );
  return { ...place, line: body.line, startLine, diffHunk };
}

function sorted(c: RouteContext, comments: ReviewComment[]): ReviewComment[] {
  const { sort = 'created', direction, since } = c.req.query();
  const key = (one: ReviewComment) => (sort === 'updated' ? one.updatedAt : '');
  const ascending = comments
    .filter((one) => !since || Date.parse(one.updatedAt) >= Date.parse(since))
    .sort((a, b) => key(a).localeCompare(key(b)) || a.id - b.id);
  return direction === 'desc' ? ascending.reverse() : ascending;
}
