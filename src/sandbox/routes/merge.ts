import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import type { RouteContext, Routes } from '../context.ts';
import { mergePull } from '../merge-pull.ts';
import { withLock } from '../repository-lock.ts';
import { actingAppId, bodyOf, notFound, numberParam } from '../route-input.ts';

const Body = z.object({
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  sha: z.string().nullish(),
  commit_title: z.string().nullish(),
  commit_message: z.string().nullish(),
});

/** https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request */
export const mergeRoutes: Routes = (app, sandbox) => {
  app.put('/repos/:owner/:repo/pulls/:number/merge', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
    const pull = repository.pulls.get(numberParam(c, 'number'));
    if (!pull) throw notFound();
    const body = await bodyOf(c, Body);
    const user = actingUser(c);
    const sha = await withLock(repository, () =>
      mergePull(sandbox, repository, pull, {
        method: body.merge_method,
        sha: body.sha ?? undefined,
        title: body.commit_title ?? undefined,
        message: body.commit_message ?? undefined,
        user,
        actor: { login: user.login, appId: actingAppId(c) },
      }),
    );
    return c.json({ sha, merged: true, message: 'Pull Request successfully merged' });
  });

  app.get('/repos/:owner/:repo/pulls/:number/merge', (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'read'] });
    if (!repository.pulls.get(numberParam(c, 'number'))?.merged) throw notFound();
    return c.body(null, 204);
  });
};
