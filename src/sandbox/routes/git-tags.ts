import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { isValidRef, objectType } from '../git.ts';
import { createTag, readTag } from '../git-tags.ts';
import { nodeId } from '../json.ts';
import { bodyOf, param, timestamp } from '../route-input.ts';
import type { Repository } from '../state.ts';

const Body = z.object({
  tag: z.string().min(1),
  message: z.string(),
  object: z.string(),
  type: z.enum(['commit', 'tree', 'blob']),
  tagger: z
    .object({ name: z.string().min(1), email: z.string().min(1), date: z.string().optional() })
    .optional(),
});

/** Annotated tags: objects, which a ref must name before anyone sees a tag. https://docs.github.com/en/rest/git/tags */
export const tagRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/git/tags';
  app.post(path, async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
    const body = await bodyOf(c, Body);
    if (!isValidRef(`refs/tags/${body.tag}`)) throw new GitHubError(422, 'Tag name is not valid');
    if ((await objectType(repository.gitDir, body.object)) !== body.type)
      throw new GitHubError(422, 'Could not verify object');
    const { login, id } = actingUser(c);
    const own = { name: login, email: `${id}+${login}@users.noreply.github.com` };
    const sha = await createTag(repository.gitDir, {
      tag: body.tag,
      object: { sha: body.object, type: body.type },
      tagger: { date: timestamp(sandbox), ...(body.tagger ?? own) },
      message: body.message,
    });
    return c.json(await tagJson(sandbox, repository, sha), 201);
  });
  app.get(`${path}/:sha`, async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'read'] });
    const sha = param(c, 'sha');
    if ((await objectType(repository.gitDir, sha)) !== 'tag') throw notFound();
    return c.json(await tagJson(sandbox, repository, sha));
  });
};

async function tagJson(sandbox: SandboxContext, repository: Repository, sha: string) {
  const api = `${sandbox.url()}/repos/${repository.fullName}/git`;
  const { tag, message, tagger, object } = await readTag(repository.gitDir, sha);
  return {
    node_id: nodeId('Tag', repository.id) + sha,
    tag,
    sha,
    url: `${api}/tags/${sha}`,
    message,
    tagger,
    object: { ...object, url: `${api}/${object.type}s/${object.sha}` },
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}
