import { z } from 'zod';
import { requireRepository } from '../access.ts';
import { urlPath } from '../commit-json.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { listRefs, objectType, refTarget } from '../git.ts';
import { nodeId } from '../json.ts';
import { moveRef } from '../move-ref.ts';
import { checkFastForward, checkObject, checkRefName, checkWritable } from '../ref-rules.ts';
import { bodyOf, param } from '../route-input.ts';
import type { Repository } from '../state.ts';

const createBody = z.object({ ref: z.string(), sha: z.string() });
const updateBody = z.object({ sha: z.string(), force: z.boolean().default(false) });

/** https://docs.github.com/en/rest/git/refs */
export const refRoutes: Routes = (app, sandbox) => {
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['contents', 'read'] });
  const writer = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
  const base = '/repos/:owner/:repo/git';

  app.get(`${base}/ref/:ref{.+}`, async (c) => {
    const repository = reader(c);
    const ref = `refs/${param(c, 'ref')}`;
    const sha = await shaOf(repository, ref);
    if (sha === null) throw notFound();
    return c.json(await refJson(sandbox, repository, ref, sha));
  });
  const matching = async (c: RouteContext) => {
    const repository = reader(c);
    const found = await listRefs(repository.gitDir, `refs/${c.req.param('ref') ?? ''}`);
    return c.json(await Promise.all(found.map(({ ref, sha }) => refJson(sandbox, repository, ref, sha))));
  };
  app.get(`${base}/matching-refs`, matching);
  app.get(`${base}/matching-refs/`, matching);
  app.get(`${base}/matching-refs/:ref{.+}`, matching);
  app.post(`${base}/refs`, async (c) => {
    const repository = writer(c);
    const { ref, sha } = await bodyOf(c, createBody);
    await createRef(c, sandbox, repository, ref, sha);
    return c.json(await refJson(sandbox, repository, ref, sha), 201);
  });
  app.patch(`${base}/refs/:ref{.+}`, async (c) => {
    const repository = writer(c);
    const ref = `refs/${param(c, 'ref')}`;
    const { sha, force } = await bodyOf(c, updateBody);
    await changeRef(c, sandbox, repository, { ref, sha, force });
    return c.json(await refJson(sandbox, repository, ref, sha));
  });
  app.delete(`${base}/refs/:ref{.+}`, async (c) => {
    const repository = writer(c);
    const ref = `refs/${param(c, 'ref')}`;
    const before = await shaOf(repository, ref);
    if (before === null) throw new GitHubError(422, 'Reference does not exist');
    checkWritable(repository, ref, null);
    if (!(await moveRef(c, sandbox, repository, { ref, before, after: null }))) {
      throw new GitHubError(422, 'Reference cannot be deleted');
    }
    return c.body(null, 204);
  });
};

/** The object that a ref names (a tag object is not peeled), or null. */
function shaOf(repository: Repository, ref: string): Promise<string | null> {
  return refTarget(repository.gitDir, ref);
}

async function createRef(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  ref: string,
  sha: string,
): Promise<void> {
  checkRefName(ref);
  checkWritable(repository, ref, sha);
  await checkObject(repository, ref, sha);
  if ((await shaOf(repository, ref)) !== null) throw new GitHubError(422, 'Reference already exists');
  if (await moveRef(c, sandbox, repository, { ref, before: null, after: sha })) return;
  const exists = (await shaOf(repository, ref)) !== null;
  throw new GitHubError(422, exists ? 'Reference already exists' : 'Reference update failed');
}

async function changeRef(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  { ref, sha, force }: { ref: string; sha: string; force: boolean },
): Promise<void> {
  const before = await shaOf(repository, ref);
  if (before === null) throw new GitHubError(422, 'Reference does not exist');
  checkWritable(repository, ref, sha);
  await checkObject(repository, ref, sha);
  if (before === sha) return;
  if (!force) await checkFastForward(repository, before, sha);
  if (!(await moveRef(c, sandbox, repository, { ref, before, after: sha }))) {
    throw new GitHubError(409, 'Reference cannot be updated');
  }
}

async function refJson(sandbox: SandboxContext, repository: Repository, ref: string, sha: string) {
  const api = `${sandbox.url()}/repos/${repository.fullName}/git`;
  // Only tags can name something else than a commit.
  const type = ref.startsWith('refs/tags/') ? await objectType(repository.gitDir, sha) : 'commit';
  const object = { type, sha, url: `${api}/${type}s/${sha}` };
  return { ref, node_id: nodeId('Ref', repository.id) + ref, url: `${api}/${urlPath(ref)}`, object };
}
