import type { Octokit } from '@octokit/rest';
import { HERE, received, startTeam, type Team } from './collaboration-world.ts';

export const DEFAULT_BRANCH = { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } };

export const NO_REVIEWS = {
  required_approving_review_count: 0,
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_review_thread_resolution: false,
};

/** A team whose App also hears of merge queues and review threads. */
export async function startProtectedTeam(): Promise<Team> {
  const team = await startTeam();
  team.sandbox.state.apps
    .get(team.sluice.id)
    ?.events.push('merge_group', 'pull_request_review_thread', 'pull_request_review_comment', 'create');
  return team;
}

/** Nothing is protected and nothing waits any more: for the next test. */
export function unprotect(team: Team): void {
  team.repository.protections.clear();
  team.repository.rulesets.clear();
  team.repository.mergeQueues.clear();
  for (const pull of team.repository.pulls.values()) pull.autoMerge = null;
  Object.assign(team.repository, { allowRebaseMerge: true, allowMergeCommit: true, allowAutoMerge: true });
}

type Rules = NonNullable<Parameters<Octokit['repos']['createRepoRuleset']>[0]>['rules'];
type Bypass = NonNullable<Parameters<Octokit['repos']['createRepoRuleset']>[0]>['bypass_actors'];

export async function ruleset(team: Team, rules: Rules, bypass: Bypass = []) {
  const { data } = await team.as.root.repos.createRepoRuleset({
    ...HERE,
    name: 'rules',
    enforcement: 'active',
    conditions: DEFAULT_BRANCH,
    bypass_actors: bypass,
    rules,
  });
  return data;
}

export function requireChecks(...contexts: { context: string; integration_id?: number }[]) {
  return {
    type: 'required_status_checks' as const,
    parameters: { strict_required_status_checks_policy: false, required_status_checks: contexts },
  };
}

export function requireQueue(method: 'MERGE' | 'SQUASH' | 'REBASE' = 'MERGE') {
  return {
    type: 'merge_queue' as const,
    parameters: {
      check_response_timeout_minutes: 60,
      grouping_strategy: 'ALLGREEN' as const,
      max_entries_to_build: 5,
      max_entries_to_merge: 5,
      merge_method: method,
      min_entries_to_merge: 1,
      min_entries_to_merge_wait_minutes: 5,
    },
  };
}

type Protection = Parameters<Octokit['repos']['updateBranchProtection']>[0];

/** Classic protection of main, with nothing in it but what is given. */
export function protect(team: Team, given: Partial<Protection>) {
  return team.as.root.repos.updateBranchProtection({
    ...HERE,
    branch: 'main',
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
    ...given,
  });
}

export function status(who: Octokit, sha: string, context: string, state: 'success' | 'failure' | 'pending') {
  return who.repos.createCommitStatus({ ...HERE, sha, context, state });
}

export async function mergeableState(who: Octokit, pull_number: number): Promise<string> {
  return (await who.pulls.get({ ...HERE, pull_number })).data.mergeable_state;
}

/** Events from now on, as `event.action`, with their payloads. */
export async function listen(team: Team) {
  const seen = (await received(team.sandbox, team.hooks)).length;
  return async (...events: string[]) => {
    const all = (await received(team.sandbox, team.hooks)).slice(seen);
    return all
      .filter(({ event }) => events.includes(event))
      .map(({ event, payload }) => ({ name: `${event}.${payload.action}`, payload }));
  };
}

/** The message with which a GraphQL call was refused. */
export async function graphProblem(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('the call was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error) || !('errors' in error)) throw error;
  return (error.errors as { message: string }[]).map(({ message }) => message).join('\n');
}
