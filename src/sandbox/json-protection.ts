import type { SandboxContext } from './context.ts';
import { nodeId } from './route-input.ts';
import type { BranchProtection, Repository, Ruleset } from './state.ts';

type Json = Record<string, unknown>;

export function protectionJson(
  sandbox: SandboxContext,
  repository: Repository,
  branch: string,
  protection: BranchProtection,
): Json {
  const url = `${sandbox.url()}/repos/${repository.fullName}/branches/${encodeURIComponent(branch)}/protection`;
  const { requiredStatusChecks: checks, requiredReviews: reviews } = protection;
  return {
    url,
    ...(checks && {
      required_status_checks: {
        url: `${url}/required_status_checks`,
        strict: checks.strict,
        contexts: checks.checks.map((check) => check.context),
        checks: checks.checks.map((check) => ({ context: check.context, app_id: check.appId })),
      },
    }),
    ...(reviews && {
      required_pull_request_reviews: {
        url: `${url}/required_pull_request_reviews`,
        dismiss_stale_reviews: reviews.dismissStale,
        require_code_owner_reviews: reviews.requireCodeOwners,
        require_last_push_approval: reviews.requireLastPushApproval,
        required_approving_review_count: reviews.count,
      },
    }),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
  };
}

/** A ruleset as lists have it. */
export function rulesetSummaryJson(sandbox: SandboxContext, repository: Repository, ruleset: Ruleset): Json {
  const self = `${sandbox.url()}/repos/${repository.fullName}/rulesets/${ruleset.id}`;
  return {
    id: ruleset.id,
    node_id: nodeId('RepositoryRuleset', ruleset.id),
    name: ruleset.name,
    target: 'branch',
    source_type: 'Repository',
    source: repository.fullName,
    enforcement: ruleset.enforcement,
    _links: { self: { href: self } },
  };
}

export function rulesetJson(sandbox: SandboxContext, repository: Repository, ruleset: Ruleset): Json {
  return {
    ...rulesetSummaryJson(sandbox, repository, ruleset),
    bypass_actors: ruleset.bypassActors,
    conditions: ruleset.conditions,
    rules: ruleset.rules,
  };
}
