import type { SandboxContext } from './context.ts';
import { appJson, userJson } from './json.ts';
import { teamJson } from './json-team.ts';
import { nodeId } from './route-input.ts';
import type { Repository } from './state.ts';
import type { Allowed, BranchProtection, Ruleset } from './state-protection.ts';

type Json = Record<string, unknown>;

/** https://docs.github.com/en/rest/branches/branch-protection#get-branch-protection */
export function protectionJson(
  sandbox: SandboxContext,
  repository: Repository,
  branch: string,
  protection: BranchProtection,
): Json {
  const url = protectionUrl(sandbox, repository, branch);
  const { requiredStatusChecks, requiredReviews, restrictions } = protection;
  return {
    url,
    ...(requiredStatusChecks && { required_status_checks: checksJson(url, requiredStatusChecks) }),
    ...(requiredReviews && {
      required_pull_request_reviews: reviewsJson(sandbox, repository, url, requiredReviews),
    }),
    ...(restrictions && {
      restrictions: allowedJson(sandbox, repository, `${url}/restrictions`, restrictions),
    }),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_signatures: { url: `${url}/required_signatures`, enabled: protection.requiredSignatures },
    required_linear_history: { enabled: protection.requiredLinearHistory },
    allow_force_pushes: { enabled: protection.allowForcePushes },
    allow_deletions: { enabled: protection.allowDeletions },
    block_creations: { enabled: protection.blockCreations },
    required_conversation_resolution: { enabled: protection.requiredConversationResolution },
    lock_branch: { enabled: protection.lockBranch },
    allow_fork_syncing: { enabled: protection.allowForkSyncing },
  };
}

export function protectionUrl(sandbox: SandboxContext, repository: Repository, branch: string): string {
  return `${sandbox.url()}/repos/${repository.fullName}/branches/${encodeURIComponent(branch)}/protection`;
}

function checksJson(url: string, checks: NonNullable<BranchProtection['requiredStatusChecks']>): Json {
  return {
    url: `${url}/required_status_checks`,
    contexts_url: `${url}/required_status_checks/contexts`,
    strict: checks.strict,
    contexts: checks.checks.map((check) => check.context),
    checks: checks.checks.map((check) => ({ context: check.context, app_id: check.appId })),
  };
}

function reviewsJson(
  sandbox: SandboxContext,
  repository: Repository,
  url: string,
  reviews: NonNullable<BranchProtection['requiredReviews']>,
): Json {
  const own = `${url}/required_pull_request_reviews`;
  const { dismissal, bypass } = reviews;
  return {
    url: own,
    ...(dismissal && {
      dismissal_restrictions: allowedJson(sandbox, repository, `${url}/dismissal_restrictions`, dismissal),
    }),
    ...(bypass && {
      bypass_pull_request_allowances: allowedJson(sandbox, repository, `${own}/bypass_allowances`, bypass),
    }),
    dismiss_stale_reviews: reviews.dismissStale,
    require_code_owner_reviews: reviews.requireCodeOwners,
    require_last_push_approval: reviews.requireLastPushApproval,
    required_approving_review_count: reviews.count,
  };
}

function allowedJson(sandbox: SandboxContext, repository: Repository, url: string, allowed: Allowed): Json {
  const organization = sandbox.state.organizations.get(repository.owner);
  const apps = [...sandbox.state.apps.values()].filter((app) => allowed.apps.includes(app.slug));
  return {
    url,
    users_url: `${url}/users`,
    teams_url: `${url}/teams`,
    apps_url: `${url}/apps`,
    users: allowed.users.map((login) => userJson(sandbox, login)),
    teams: allowed.teams.flatMap((slug) => {
      const team = organization?.teams.get(slug);
      return organization && team ? [teamJson(sandbox, organization, team)] : [];
    }),
    apps: apps.map((app) => appJson(sandbox, app)),
  };
}

/** A ruleset as lists have it. */
export function rulesetSummaryJson(sandbox: SandboxContext, ruleset: Ruleset): Json {
  const { source, sourceType } = ruleset;
  const owner = sourceType === 'Repository' ? `repos/${source}` : `orgs/${source}`;
  const page = sourceType === 'Repository' ? `${source}/rules` : `organizations/${source}/settings/rules`;
  return {
    id: ruleset.id,
    node_id: nodeId(`${sourceType}Ruleset`, ruleset.id),
    name: ruleset.name,
    target: 'branch',
    source_type: sourceType,
    source,
    enforcement: ruleset.enforcement,
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
    _links: {
      self: { href: `${sandbox.url()}/${owner}/rulesets/${ruleset.id}` },
      html: { href: `${sandbox.url()}/${page}/${ruleset.id}` },
    },
  };
}

/** Who may bypass is only told to whoever may change it: https://docs.github.com/en/rest/repos/rules#get-a-repository-ruleset */
export function rulesetJson(sandbox: SandboxContext, ruleset: Ruleset, mayChange = true): Json {
  return {
    ...rulesetSummaryJson(sandbox, ruleset),
    ...(mayChange ? { bypass_actors: ruleset.bypassActors } : {}),
    conditions: ruleset.conditions,
    rules: ruleset.rules,
  };
}
