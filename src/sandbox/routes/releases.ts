import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { isValidRef, resolveRef } from '../git.ts';
import { releaseJson } from '../json-actions.ts';
import { moveRef } from '../move-ref.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, notFound, param, timestamp, validationFailed } from '../route-input.ts';
import type { Release, Repository } from '../state.ts';

const Body = z.object({
  tag_name: z.string().min(1),
  target_commitish: z.string().optional(),
  name: z.string().nullish(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
  prerelease: z.boolean().default(false),
});

/** https://docs.github.com/en/rest/releases/releases */
export const releaseRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/releases';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['contents', 'read'] });
  app.post(path, async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
    const release = await createRelease(c, sandbox, repository);
    return c.json(releaseJson(sandbox, repository, release), 201);
  });
  app.get(path, (c: RouteContext) => {
    const repository = reader(c);
    const page = paginate(c, newestFirst(repository));
    return c.json(page.map((release) => releaseJson(sandbox, repository, release)));
  });
  app.get(`${path}/latest`, (c: RouteContext) => {
    const repository = reader(c);
    const latest = newestFirst(repository).find((release) => !release.draft && !release.prerelease);
    if (!latest) throw notFound();
    return c.json(releaseJson(sandbox, repository, latest));
  });
  app.get(`${path}/tags/:tag{.+}`, (c: RouteContext) => {
    const repository = reader(c);
    const tag = param(c, 'tag');
    const release = newestFirst(repository).find((one) => one.tagName === tag && !one.draft);
    if (!release) throw notFound();
    return c.json(releaseJson(sandbox, repository, release));
  });
};

function newestFirst(repository: Repository): Release[] {
  return [...repository.releases.values()].sort((a, b) => b.id - a.id);
}

async function createRelease(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
): Promise<Release> {
  const body = await bodyOf(c, Body);
  const user = actingUser(c);
  const taken = newestFirst(repository).some((one) => one.tagName === body.tag_name && !one.draft);
  if (taken) throw validationFailed({ resource: 'Release', code: 'already_exists', field: 'tag_name' });
  const targetCommitish = body.target_commitish ?? repository.defaultBranch;
  if (!body.draft) await ensureTag(c, sandbox, repository, body.tag_name, targetCommitish);
  const now = timestamp(sandbox);
  const release: Release = {
    id: sandbox.nextId(),
    tagName: body.tag_name,
    targetCommitish,
    name: body.name ?? null,
    body: body.body ?? null,
    draft: body.draft,
    prerelease: body.prerelease,
    author: user.login,
    createdAt: now,
    publishedAt: body.draft ? null : now,
  };
  repository.releases.set(release.id, release);
  // Drafts are nobody's business yet; `released` is for what is not a pre-release.
  const actions = body.draft ? ['created'] : ['published', body.prerelease ? 'prereleased' : 'released'];
  const payload = { release: releaseJson(sandbox, repository, release) };
  for (const action of actions) sandbox.emit('release', { repository, sender: user, action, payload });
  return release;
}

async function ensureTag(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  tag: string,
  target: string,
): Promise<void> {
  const ref = `refs/tags/${tag}`;
  if (!isValidRef(ref))
    throw validationFailed({
      resource: 'Release',
      code: 'custom',
      field: 'tag_name',
      message: 'tag_name is not a valid tag',
    });
  if ((await resolveRef(repository.gitDir, ref)) !== null) return;
  const after = await resolveRef(repository.gitDir, target);
  if (after === null)
    throw validationFailed({ resource: 'Release', code: 'invalid', field: 'target_commitish' });
  await moveRef(c, sandbox, repository, { ref, before: null, after });
}
