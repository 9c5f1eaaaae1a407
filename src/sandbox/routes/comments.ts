import { z } from 'zod';
import { actingUser } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { requireAuthorOr, requireDiscussions, requireIssue } from '../issue-access.ts';
import { commentJson, issueJson } from '../json-issue.ts';
import { paginate } from '../paginate.ts';
import { actingAppId, bodyOf, notFound, numberParam, timestamp } from '../route-input.ts';
import type { Comment, Repository, User } from '../state.ts';
import { mayTalkWhenLocked } from './issue-lock.ts';

const Body = z.object({ body: z.string().min(1).max(65_536) });

/** https://docs.github.com/en/rest/issues/comments */
export const commentRoutes: Routes = (app, sandbox) => {
  const issues = '/repos/:owner/:repo/issues';
  app.get(`${issues}/comments`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    return c.json(
      paginate(c, sorted(c, listComments(c, repository))).map((one) => commentJson(sandbox, repository, one)),
    );
  });
  app.get(`${issues}/:number/comments`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    const issue = requireIssue(c, repository, numberParam(c, 'number'));
    const comments = listComments(c, repository).filter((one) => one.issueNumber === issue.number);
    return c.json(paginate(c, comments).map((one) => commentJson(sandbox, repository, one)));
  });
  app.post(`${issues}/:number/comments`, async (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'write');
    const issue = requireIssue(c, repository, numberParam(c, 'number'), 'write');
    if (issue.locked && !mayTalkWhenLocked(c, sandbox, repository))
      throw new GitHubError(403, 'Unable to create comment because issue is locked.');
    const { body } = await bodyOf(c, Body);
    const user = actingUser(c);
    const now = timestamp(sandbox);
    const comment: Comment = {
      id: sandbox.nextId(),
      issueNumber: issue.number,
      user: user.login,
      body,
      createdAt: now,
      updatedAt: now,
      appId: actingAppId(c),
      reactions: [],
    };
    repository.comments.set(comment.id, comment);
    issue.updatedAt = now;
    emitComment(sandbox, repository, comment, 'created', user);
    return c.json(commentJson(sandbox, repository, comment), 201);
  });
  app.get(`${issues}/comments/:id`, (c: RouteContext) => {
    const { repository, comment } = requireComment(c, sandbox, 'read');
    return c.json(commentJson(sandbox, repository, comment));
  });
  app.patch(`${issues}/comments/:id`, async (c: RouteContext) => {
    const { repository, comment } = requireComment(c, sandbox, 'write');
    const user = requireAuthorOr(c, sandbox, repository, comment.user, 'write');
    const { body } = await bodyOf(c, Body);
    const changes = { body: { from: comment.body } };
    comment.body = body;
    comment.updatedAt = timestamp(sandbox);
    emitComment(sandbox, repository, comment, 'edited', user, { changes });
    return c.json(commentJson(sandbox, repository, comment));
  });
  app.delete(`${issues}/comments/:id`, (c: RouteContext) => {
    const { repository, comment } = requireComment(c, sandbox, 'write');
    const user = requireAuthorOr(c, sandbox, repository, comment.user, 'write');
    repository.comments.delete(comment.id);
    emitComment(sandbox, repository, comment, 'deleted', user);
    return c.body(null, 204);
  });
};

/** The comment of the path, and its repository. */
export function requireComment(
  c: RouteContext,
  sandbox: SandboxContext,
  access: 'read' | 'write',
): { repository: Repository; comment: Comment } {
  const repository = requireDiscussions(c, sandbox, access);
  const comment = repository.comments.get(numberParam(c, 'id'));
  if (!comment) throw notFound();
  requireIssue(c, repository, comment.issueNumber, access);
  return { repository, comment };
}

/** Oldest first; `since` is about the last change. */
function listComments(c: RouteContext, repository: Repository): Comment[] {
  const since = Date.parse(c.req.query('since') ?? '');
  const comments = [...repository.comments.values()];
  return Number.isNaN(since) ? comments : comments.filter((one) => Date.parse(one.updatedAt) >= since);
}

function sorted(c: RouteContext, comments: Comment[]): Comment[] {
  const { sort = 'created', direction } = c.req.query();
  const key = (comment: Comment) => (sort === 'updated' ? comment.updatedAt : '');
  const ascending = comments.sort((a, b) => key(a).localeCompare(key(b)) || a.id - b.id);
  return direction === 'desc' ? ascending.reverse() : ascending;
}

function emitComment(
  sandbox: SandboxContext,
  repository: Repository,
  comment: Comment,
  action: 'created' | 'edited' | 'deleted',
  sender: User,
  extra: Record<string, unknown> = {},
): void {
  const issue = repository.issues.get(comment.issueNumber);
  const payload = {
    issue: issue && issueJson(sandbox, repository, issue),
    comment: commentJson(sandbox, repository, comment),
    ...extra,
  };
  sandbox.emit('issue_comment', { repository, sender, action, payload });
}
