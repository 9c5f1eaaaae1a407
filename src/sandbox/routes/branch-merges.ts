import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import { commitJson } from '../commit-json.ts';
import type { RouteContext, Routes } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { readCommit, resolveRef } from '../git.ts';
import { mergeCommits } from '../merge-branches.ts';
import { moveRef } from '../move-ref.ts';
import { bodyOf } from '../route-input.ts';

const Body = z.object({
  base: z.string().min(1),
  head: z.string().min(1),
  commit_message: z.string().optional(),
});

/** https://docs.github.com/en/rest/branches/branches#merge-a-branch */
export const branchMergeRoutes: Routes = (app, sandbox) => {
  app.post('/repos/:owner/:repo/merges', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
    const body = await bodyOf(c, Body);
    const { gitDir } = repository;
    const ref = `refs/heads/${body.base}`;
    const before = await resolveRef(gitDir, ref);
    if (before === null) throw new GitHubError(404, 'Base does not exist');
    const from = await resolveRef(gitDir, body.head);
    if (from === null) throw new GitHubError(404, 'Head does not exist');
    const message = body.commit_message ?? `Merge ${body.head} into ${body.base}`;
    const user = actingUser(c);
    const merge = await mergeCommits(sandbox, repository, { into: before, from, message, user });
    if (merge.kind === 'nothing') return c.body(null, 204);
    if (merge.kind === 'conflict') throw new GitHubError(409, 'Merge conflict');
    if (!(await moveRef(c, sandbox, repository, { ref, before, after: merge.sha }, 409)))
      throw new GitHubError(409, 'Base branch was modified. Review and try the merge again.');
    return c.json(commitJson(sandbox, repository, await readCommit(gitDir, merge.sha)), 201);
  });
};
