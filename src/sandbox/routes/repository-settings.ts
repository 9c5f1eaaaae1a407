import { z } from 'zod';
import { requireRepository } from '../access.ts';
import type { RouteContext, Routes } from '../context.ts';
import { DEFAULT_MERGE_MESSAGES } from '../merge-message.ts';
import { bodyOf, validationFailed } from '../route-input.ts';
import type { Repository } from '../state.ts';
import { fullRepositoryJson } from './repositories.ts';

/** Only the settings that do something here are taken: one that is kept and does nothing would mislead. */
const Body = z.strictObject({
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  allow_auto_merge: z.boolean().optional(),
  delete_branch_on_merge: z.boolean().optional(),
  merge_commit_title: z.enum(['PR_TITLE', 'MERGE_MESSAGE']).optional(),
  merge_commit_message: z.enum(['PR_TITLE', 'PR_BODY', 'BLANK']).optional(),
  squash_merge_commit_title: z.enum(['PR_TITLE', 'COMMIT_OR_PR_TITLE']).optional(),
  squash_merge_commit_message: z.enum(['PR_BODY', 'COMMIT_MESSAGES', 'BLANK']).optional(),
});

/** How a repository merges: https://docs.github.com/en/rest/repos/repos#update-a-repository */
export const repositorySettingRoutes: Routes = (app, sandbox) => {
  app.patch('/repos/:owner/:repo', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, {
      permission: ['administration', 'write'],
      role: 'admin',
    });
    change(repository, await bodyOf(c, Body));
    return c.json(fullRepositoryJson(sandbox, repository, c.get('actor')));
  });
};

function change(repository: Repository, body: z.output<typeof Body>): void {
  const {
    allow_merge_commit: allowMergeCommit = repository.allowMergeCommit,
    allow_squash_merge: allowSquashMerge = repository.allowSquashMerge,
    allow_rebase_merge: allowRebaseMerge = repository.allowRebaseMerge,
    allow_auto_merge: allowAutoMerge = repository.allowAutoMerge === true,
    delete_branch_on_merge: deleteBranchOnMerge = repository.deleteBranchOnMerge,
  } = body;
  if (!allowMergeCommit && !allowSquashMerge && !allowRebaseMerge)
    throw validationFailed({
      resource: 'Repository',
      field: 'merge_commit_allowed',
      code: 'custom',
      message: 'Sorry, you need to allow at least one merge strategy. (no_merge_method)',
    });
  const allowed = { allowMergeCommit, allowSquashMerge, allowRebaseMerge, allowAutoMerge };
  Object.assign(repository, { ...allowed, deleteBranchOnMerge });
  const before = repository.mergeMessages ?? DEFAULT_MERGE_MESSAGES;
  repository.mergeMessages = {
    mergeTitle: body.merge_commit_title ?? before.mergeTitle,
    mergeBody: body.merge_commit_message ?? before.mergeBody,
    squashTitle: body.squash_merge_commit_title ?? before.squashTitle,
    squashBody: body.squash_merge_commit_message ?? before.squashBody,
  };
}
