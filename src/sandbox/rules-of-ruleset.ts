import { bypasses } from './bypass.ts';
import type { BranchRules, CheckDemand, QueueDemand, ReviewDemand } from './rule-demands.ts';
import type { MergeMethod, Ruleset } from './state-protection.ts';

interface PullRequestParameters {
  required_approving_review_count?: number;
  dismiss_stale_reviews_on_push?: boolean;
  require_code_owner_review?: boolean;
  require_last_push_approval?: boolean;
  required_review_thread_resolution?: boolean;
  allowed_merge_methods?: MergeMethod[];
  required_reviewers?: { file_patterns: string[]; minimum_approvals: number; reviewer: { id: number } }[];
}

interface CheckParameters {
  required_status_checks?: { context: string; integration_id?: number | null }[];
  strict_required_status_checks_policy?: boolean;
  do_not_enforce_on_create?: boolean;
}

interface QueueParameters {
  merge_method?: string;
  max_entries_to_build?: number;
  check_response_timeout_minutes?: number;
}

/** What one ruleset asks of a branch that it matches. */
export function rulesOfRuleset(ruleset: Ruleset): BranchRules {
  const has = (type: string) => ruleset.rules.some((one) => one.type === type);
  const parameters = (type: string) => {
    const rule = ruleset.rules.find((one) => one.type === type);
    return rule ? (rule.parameters ?? {}) : null;
  };
  const pull = parameters('pull_request') as PullRequestParameters | null;
  const checks = parameters('required_status_checks') as CheckParameters | null;
  const queue = parameters('merge_queue') as QueueParameters | null;
  return {
    ruleset,
    reviews: pull && reviewDemand(pull),
    reviewBypass: null,
    dismissal: null,
    checks: checks && checkDemand(checks),
    conversations: pull?.required_review_thread_resolution ?? false,
    linearHistory: has('required_linear_history'),
    signatures: has('required_signatures'),
    restrictions: null,
    methods: pull?.allowed_merge_methods ?? null,
    queue: queue && queueDemand(queue),
    isLocked: false,
    blocksDirectPush: pull !== null,
    blocksCreation: has('creation'),
    blocksUpdate: has('update'),
    blocksDeletion: has('deletion'),
    blocksForcePush: has('non_fast_forward'),
    bypassedBy: (actor, people, how) => bypasses(ruleset, actor, people, how),
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
    onCreation: parameters.do_not_enforce_on_create !== true,
    checks: (parameters.required_status_checks ?? []).map((one) => ({
      context: one.context,
      appId: one.integration_id ?? null,
    })),
  };
}

/** Defaults as in https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset */
function queueDemand(parameters: QueueParameters): QueueDemand {
  return {
    method: (parameters.merge_method ?? 'MERGE').toLowerCase() as MergeMethod,
    maxEntriesToBuild: parameters.max_entries_to_build ?? 5,
    timeoutMs: (parameters.check_response_timeout_minutes ?? 60) * 60_000,
  };
}
