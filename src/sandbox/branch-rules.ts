import picomatch from 'picomatch';
import type { People } from './people.ts';
import { atLeast } from './people.ts';
import type { BranchProtection, Repository, Role, Ruleset } from './state.ts';

export interface ReviewDemand {
  count: number;
  dismissStale: boolean;
  codeOwners: boolean;
  lastPushApproval: boolean;
  /** Teams that must approve when a changed path matches. */
  teams: { filePatterns: string[]; minimumApprovals: number; teamId: number }[];
}

export interface CheckDemand {
  strict: boolean;
  checks: { context: string; appId: number | null }[];
}

/** All that one source (classic protection or one ruleset) asks of a branch. */
export interface BranchRules {
  /** `null` for classic protection. */
  ruleset: Ruleset | null;
  reviews: ReviewDemand | null;
  checks: CheckDemand | null;
  blocksDirectPush: boolean;
  blocksDeletion: boolean;
  blocksForcePush: boolean;
  /** Whether these rules do not hold for the actor. */
  bypassedBy(actor: RuleActor, people: People, how: 'push' | 'pull_request'): boolean;
}

/** Who pushes or merges: a person, or an App through its bot. */
export interface RuleActor {
  login: string;
  appId: number | null;
}

/** Everything that protects a branch, classic protection first. All of it must be satisfied. */
export function branchRules(repository: Repository, branch: string): BranchRules[] {
  const classic = repository.protections.get(branch);
  const rulesets = rulesetsFor(repository, branch).map(fromRuleset);
  return classic ? [fromClassic(classic), ...rulesets] : rulesets;
}

/** Active rulesets whose conditions match the branch. */
export function rulesetsFor(repository: Repository, branch: string): Ruleset[] {
  return [...repository.rulesets.values()].filter((ruleset) => {
    if (ruleset.enforcement !== 'active') return false;
    const { include, exclude } = ruleset.conditions.ref_name;
    const matches = (pattern: string) => matchesBranch(pattern, repository, branch);
    return include.some(matches) && !exclude.some(matches);
  });
}

function matchesBranch(pattern: string, repository: Repository, branch: string): boolean {
  if (pattern === '~ALL') return true;
  if (pattern === '~DEFAULT_BRANCH') return branch === repository.defaultBranch;
  return picomatch(pattern, { nobrace: true, noextglob: true, dot: true })(`refs/heads/${branch}`);
}

function fromClassic(protection: BranchProtection): BranchRules {
  const reviews = protection.requiredReviews;
  return {
    ruleset: null,
    reviews: reviews && {
      count: reviews.count,
      dismissStale: reviews.dismissStale,
      codeOwners: reviews.requireCodeOwners,
      lastPushApproval: reviews.requireLastPushApproval,
      teams: [],
    },
    checks: protection.requiredStatusChecks,
    blocksDirectPush: reviews !== null,
    blocksDeletion: true,
    blocksForcePush: true,
    bypassedBy: (actor, people) => !protection.enforceAdmins && people.role(actor.login) === 'admin',
  };
}

interface PullRequestParameters {
  required_approving_review_count?: number;
  dismiss_stale_reviews_on_push?: boolean;
  require_code_owner_review?: boolean;
  require_last_push_approval?: boolean;
  required_reviewers?: { file_patterns: string[]; minimum_approvals: number; reviewer: { id: number } }[];
}

interface CheckParameters {
  required_status_checks?: { context: string; integration_id?: number | null }[];
  strict_required_status_checks_policy?: boolean;
}

function fromRuleset(ruleset: Ruleset): BranchRules {
  const rule = (type: string) => ruleset.rules.find((one) => one.type === type);
  const pull = rule('pull_request');
  const checks = rule('required_status_checks');
  return {
    ruleset,
    reviews: pull ? reviewDemand((pull.parameters ?? {}) as PullRequestParameters) : null,
    checks: checks ? checkDemand((checks.parameters ?? {}) as CheckParameters) : null,
    blocksDirectPush: pull !== undefined,
    blocksDeletion: rule('deletion') !== undefined,
    blocksForcePush: rule('non_fast_forward') !== undefined,
    bypassedBy: (actor, people, how) =>
      ruleset.bypassActors.some(
        (one) =>
          (one.bypass_mode === 'always' || how === 'pull_request') && isBypassActor(one, actor, people),
      ),
  };
}

function reviewDemand(parameters: PullRequestParameters): ReviewDemand {
  return {
    count: parameters.required_approving_review_count ?? 0,
    dismissStale: parameters.dismiss_stale_reviews_on_push ?? false,
    codeOwners: parameters.require_code_owner_review ?? false,
    lastPushApproval: parameters.require_last_push_approval ?? false,
    teams: (parameters.required_reviewers ?? []).map((one) => ({
      filePatterns: one.file_patterns,
      minimumApprovals: one.minimum_approvals,
      teamId: one.reviewer.id,
    })),
  };
}

function checkDemand(parameters: CheckParameters): CheckDemand {
  return {
    strict: parameters.strict_required_status_checks_policy ?? false,
    checks: (parameters.required_status_checks ?? []).map((one) => ({
      context: one.context,
      appId: one.integration_id ?? null,
    })),
  };
}

/** Ids of the roles that every repository has, as the rulesets API numbers them. */
const REPOSITORY_ROLES: Record<number, Role> = { 2: 'maintain', 4: 'write', 5: 'admin' };

function isBypassActor(
  bypass: { actor_id: number | null; actor_type: string },
  actor: RuleActor,
  people: People,
): boolean {
  const id = bypass.actor_id ?? -1;
  if (bypass.actor_type === 'Integration') return actor.appId === id;
  if (actor.appId !== null) return false;
  if (bypass.actor_type === 'OrganizationAdmin') return people.isOrganizationOwner(actor.login);
  if (bypass.actor_type === 'Team') return people.teamById(id)?.members.has(actor.login) === true;
  const least = bypass.actor_type === 'RepositoryRole' ? REPOSITORY_ROLES[id] : undefined;
  return least !== undefined && atLeast(people.role(actor.login), least);
}
