import { z } from 'zod';
import { actingUser } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { requireDiscussions, requireIssue } from '../issue-access.ts';
import { userJson } from '../json.ts';
import { REACTIONS } from '../json-issue.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, nodeId, notFound, numberParam, timestamp } from '../route-input.ts';
import type { Reaction } from '../state.ts';
import { requireComment } from './comments.ts';

const Body = z.object({ content: z.enum(REACTIONS) });

/** https://docs.github.com/en/rest/reactions/reactions; no webhook tells of them. */
export const reactionRoutes: Routes = (app, sandbox) => {
  const issues = '/repos/:owner/:repo/issues';
  const onIssue = (c: RouteContext, access: 'read' | 'write') => {
    const repository = requireDiscussions(c, sandbox, access);
    const issue = requireIssue(c, repository, numberParam(c, 'number'), access);
    issue.reactions ??= [];
    return issue.reactions;
  };
  const onComment = (c: RouteContext, access: 'read' | 'write') =>
    requireComment(c, sandbox, access).comment.reactions;
  addReactions(app, sandbox, `${issues}/comments/:id/reactions`, onComment);
  addReactions(app, sandbox, `${issues}/:number/reactions`, onIssue);
};

/** The three calls that are the same wherever one can react. */
function addReactions(
  app: Parameters<Routes>[0],
  sandbox: SandboxContext,
  path: string,
  reactionsOf: (c: RouteContext, access: 'read' | 'write') => Reaction[],
): void {
  app.get(path, (c: RouteContext) => {
    const content = c.req.query('content');
    const reactions = reactionsOf(c, 'read').filter((one) => !content || one.content === content);
    return c.json(paginate(c, reactions).map((one) => reactionJson(sandbox, one)));
  });
  app.post(path, async (c: RouteContext) => {
    const reactions = reactionsOf(c, 'write');
    const { content } = await bodyOf(c, Body);
    const user = actingUser(c).login;
    const found = reactions.find((one) => one.user === user && one.content === content);
    if (found) return c.json(reactionJson(sandbox, found), 200);
    const reaction = { id: sandbox.nextId(), user, content, createdAt: timestamp(sandbox) };
    reactions.push(reaction);
    return c.json(reactionJson(sandbox, reaction), 201);
  });
  app.delete(`${path}/:reaction`, (c: RouteContext) => {
    const reactions = reactionsOf(c, 'write');
    const at = reactions.findIndex((one) => one.id === numberParam(c, 'reaction'));
    if (at === -1) throw notFound();
    if (reactions[at]?.user !== actingUser(c).login)
      throw new GitHubError(403, 'Must be the author of the reaction to delete it.');
    reactions.splice(at, 1);
    return c.body(null, 204);
  });
}

function reactionJson(sandbox: SandboxContext, reaction: Reaction): Record<string, unknown> {
  const { id, user, content, createdAt } = reaction;
  const created_at = createdAt ?? timestamp(sandbox);
  return { id, node_id: nodeId('Reaction', id), user: userJson(sandbox, user), content, created_at };
}
