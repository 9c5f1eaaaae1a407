import { z } from 'zod';
import { requireRepository } from '../access.ts';
import type { RouteContext, Routes } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { resolveRef } from '../git.ts';
import { protectionJson } from '../json-protection.ts';
import { bodyOf, param } from '../route-input.ts';
import type { BranchProtection } from '../state.ts';

/** The three fields are required, null allowed: https://docs.github.com/en/rest/branches/branch-protection#update-branch-protection */
const Body = z.object({
  required_status_checks: z
    .object({
      strict: z.boolean(),
      contexts: z.array(z.string()).optional(),
      checks: z.array(z.object({ context: z.string(), app_id: z.number().int().nullish() })).optional(),
    })
    .nullable(),
  enforce_admins: z.boolean().nullable(),
  required_pull_request_reviews: z
    .object({
      dismiss_stale_reviews: z.boolean().default(false),
      require_code_owner_reviews: z.boolean().default(false),
      require_last_push_approval: z.boolean().default(false),
      required_approving_review_count: z.number().int().min(0).max(6).default(1),
    })
    .nullable(),
});

/** https://docs.github.com/en/rest/branches/branch-protection */
export const protectionRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/branches/:branch{.+}/protection';
  app.put(path, async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, {
      permission: ['administration', 'write'],
      role: 'admin',
    });
    const branch = param(c, 'branch');
    if ((await resolveRef(repository.gitDir, `refs/heads/${branch}`)) === null)
      throw new GitHubError(404, 'Branch not found');
    const protection = fromBody(await bodyOf(c, Body));
    repository.protections.set(branch, protection);
    return c.json(protectionJson(sandbox, repository, branch, protection));
  });
  app.get(path, (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, {
      permission: ['administration', 'read'],
      role: 'admin',
    });
    const branch = param(c, 'branch');
    const protection = repository.protections.get(branch);
    if (!protection) throw new GitHubError(404, 'Branch not protected');
    return c.json(protectionJson(sandbox, repository, branch, protection));
  });
  app.delete(path, (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, {
      permission: ['administration', 'write'],
      role: 'admin',
    });
    if (!repository.protections.delete(param(c, 'branch')))
      throw new GitHubError(404, 'Branch not protected');
    return c.body(null, 204);
  });
};

function fromBody(body: z.output<typeof Body>): BranchProtection {
  const checks = body.required_status_checks;
  const reviews = body.required_pull_request_reviews;
  return {
    requiredStatusChecks: checks && {
      strict: checks.strict,
      // -1 means any App.
      checks:
        checks.checks?.map((check) => ({
          context: check.context,
          appId: check.app_id === undefined || check.app_id === -1 ? null : check.app_id,
        })) ?? (checks.contexts ?? []).map((context) => ({ context, appId: null })),
    },
    requiredReviews: reviews && {
      count: reviews.required_approving_review_count,
      dismissStale: reviews.dismiss_stale_reviews,
      requireCodeOwners: reviews.require_code_owner_reviews,
      requireLastPushApproval: reviews.require_last_push_approval,
    },
    enforceAdmins: body.enforce_admins ?? false,
  };
}
