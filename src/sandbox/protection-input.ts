import { z } from 'zod';
import type { SandboxContext } from './context.ts';
import { GitHubError } from './errors.ts';
import type { Repository } from './state.ts';
import type { Allowed, BranchProtection } from './state-protection.ts';

const Lists = z.object({
  users: z.array(z.string()).default([]),
  teams: z.array(z.string()).default([]),
  apps: z.array(z.string()).default([]),
});

const Checks = z.object({
  strict: z.boolean(),
  contexts: z.array(z.string()).optional(),
  checks: z.array(z.object({ context: z.string(), app_id: z.number().int().nullish() })).optional(),
});

const Reviews = z.object({
  dismissal_restrictions: Lists.partial().optional(),
  bypass_pull_request_allowances: Lists.partial().optional(),
  dismiss_stale_reviews: z.boolean().default(false),
  require_code_owner_reviews: z.boolean().default(false),
  require_last_push_approval: z.boolean().default(false),
  required_approving_review_count: z.number().int().min(0).max(6).default(1),
});

/** The four fields are required, null allowed: https://docs.github.com/en/rest/branches/branch-protection#update-branch-protection */
export const ProtectionBody = z.object({
  required_status_checks: Checks.nullable(),
  enforce_admins: z.boolean().nullable(),
  required_pull_request_reviews: Reviews.nullable(),
  restrictions: Lists.nullable(),
  required_linear_history: z.boolean().optional(),
  allow_force_pushes: z.boolean().nullish(),
  allow_deletions: z.boolean().optional(),
  block_creations: z.boolean().optional(),
  required_conversation_resolution: z.boolean().optional(),
  lock_branch: z.boolean().optional(),
  allow_fork_syncing: z.boolean().optional(),
});

/**
 * What a request asks for. Signatures have a call of their own and stay as they were.
 * @throws GitHubError 422 for lists of people on a repository that a person owns.
 */
export function readProtection(
  sandbox: SandboxContext,
  repository: Repository,
  body: z.output<typeof ProtectionBody>,
  before: BranchProtection | undefined,
): BranchProtection {
  if (body.restrictions && !sandbox.state.organizations.has(repository.owner))
    throw new GitHubError(422, 'Validation Failed', [
      'Only organization repositories can have users and team restrictions',
    ]);
  return {
    requiredStatusChecks: body.required_status_checks && readChecks(repository, body.required_status_checks),
    requiredReviews: body.required_pull_request_reviews && readReviews(body.required_pull_request_reviews),
    enforceAdmins: body.enforce_admins ?? false,
    restrictions: body.restrictions,
    requiredLinearHistory: body.required_linear_history ?? false,
    allowForcePushes: body.allow_force_pushes ?? false,
    allowDeletions: body.allow_deletions ?? false,
    blockCreations: body.block_creations ?? false,
    requiredConversationResolution: body.required_conversation_resolution ?? false,
    requiredSignatures: before?.requiredSignatures ?? false,
    lockBranch: body.lock_branch ?? false,
    allowForkSyncing: body.allow_fork_syncing ?? false,
  };
}

function readChecks(
  repository: Repository,
  checks: z.output<typeof Checks>,
): NonNullable<BranchProtection['requiredStatusChecks']> {
  const named: { context: string; app_id?: number | null }[] =
    checks.checks ?? (checks.contexts ?? []).map((context) => ({ context }));
  return {
    strict: checks.strict,
    checks: named.map(({ context, app_id: id }) => ({
      context,
      appId: id === -1 ? null : (id ?? lastReporter(repository, context)),
    })),
  };
}

/** An App that is not named is the one that last reported the check; -1 would mean any. */
function lastReporter(repository: Repository, context: string): number | null {
  const runs = [...repository.checkRuns.values()].filter((run) => run.name === context);
  return runs.at(-1)?.appId ?? null;
}

function readReviews(reviews: z.output<typeof Reviews>): NonNullable<BranchProtection['requiredReviews']> {
  return {
    count: reviews.required_approving_review_count,
    dismissStale: reviews.dismiss_stale_reviews,
    requireCodeOwners: reviews.require_code_owner_reviews,
    requireLastPushApproval: reviews.require_last_push_approval,
    bypass: readLists(reviews.bypass_pull_request_allowances),
    dismissal: readLists(reviews.dismissal_restrictions),
  };
}

/** An empty object switches the list off. */
function readLists(lists: Partial<Allowed> | undefined): Allowed | null {
  if (!lists || Object.keys(lists).length === 0) return null;
  return { users: lists.users ?? [], teams: lists.teams ?? [], apps: lists.apps ?? [] };
}
