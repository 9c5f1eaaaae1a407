import { z } from 'zod';
import { actingUser } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { userJson } from '../json.ts';
import { REACTIONS } from '../json-issue.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, nodeId } from '../route-input.ts';
import type { Comment } from '../state.ts';
import { requireComment } from './comments.ts';

const Body = z.object({ content: z.enum(REACTIONS) });

/** https://docs.github.com/en/rest/reactions/reactions; no webhook tells of them. */
export const reactionRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/issues/comments/:id/reactions';
  app.get(path, (c: RouteContext) => {
    const { comment } = requireComment(c, sandbox, 'read');
    const content = c.req.query('content');
    const reactions = comment.reactions.filter((one) => !content || one.content === content);
    return c.json(paginate(c, reactions).map((one) => reactionJson(sandbox, one)));
  });
  app.post(path, async (c: RouteContext) => {
    const { comment } = requireComment(c, sandbox, 'write');
    const { content } = await bodyOf(c, Body);
    const user = actingUser(c).login;
    const found = comment.reactions.find((one) => one.user === user && one.content === content);
    if (found) return c.json(reactionJson(sandbox, found), 200);
    const reaction = { id: sandbox.nextId(), user, content };
    comment.reactions.push(reaction);
    return c.json(reactionJson(sandbox, reaction), 201);
  });
};

function reactionJson(
  sandbox: SandboxContext,
  reaction: Comment['reactions'][number],
): Record<string, unknown> {
  const { id, user, content } = reaction;
  return { id, node_id: nodeId('Reaction', id), user: userJson(sandbox, user), content };
}
