import { z } from 'zod';
import type { SandboxContext } from './context.ts';
import { GitHubError } from './errors.ts';
import { timestamp, validationFailed } from './route-input.ts';
import type { Rule, Ruleset } from './state-protection.ts';

const PullRequestRule = z.object({
  type: z.literal('pull_request'),
  parameters: z.looseObject({
    required_approving_review_count: z.number().int().min(0).max(10),
    dismiss_stale_reviews_on_push: z.boolean(),
    require_code_owner_review: z.boolean(),
    require_last_push_approval: z.boolean(),
    required_review_thread_resolution: z.boolean().optional(),
    allowed_merge_methods: z
      .array(z.enum(['merge', 'squash', 'rebase']))
      .min(1)
      .optional(),
    required_reviewers: z
      .array(
        z.object({
          file_patterns: z.array(z.string().min(1)),
          minimum_approvals: z.number().int().min(0),
          reviewer: z.object({ id: z.number().int(), type: z.literal('Team') }),
        }),
      )
      .optional(),
  }),
});

const CheckRule = z.object({
  type: z.literal('required_status_checks'),
  parameters: z.looseObject({
    required_status_checks: z.array(
      z.object({ context: z.string().min(1), integration_id: z.number().int().nullish() }),
    ),
    strict_required_status_checks_policy: z.boolean(),
    do_not_enforce_on_create: z.boolean().optional(),
  }),
});

const QueueRule = z.object({
  type: z.literal('merge_queue'),
  parameters: z
    .object({
      check_response_timeout_minutes: z.number().int().min(1).max(360).default(60),
      grouping_strategy: z.enum(['ALLGREEN', 'HEADGREEN']).default('ALLGREEN'),
      max_entries_to_build: z.number().int().min(0).max(100).default(5),
      max_entries_to_merge: z.number().int().min(0).max(100).default(5),
      merge_method: z.enum(['MERGE', 'SQUASH', 'REBASE']).default('MERGE'),
      min_entries_to_merge: z.number().int().min(0).max(100).default(1),
      min_entries_to_merge_wait_minutes: z.number().int().min(0).max(360).default(5),
    })
    .prefault({}),
});

/** Only what is enforced is accepted: a rule that is kept but not enforced would protect nothing. */
const RuleBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('creation') }),
  z.object({
    type: z.literal('update'),
    parameters: z.looseObject({ update_allows_fetch_and_merge: z.boolean() }).optional(),
  }),
  z.object({ type: z.literal('deletion') }),
  z.object({ type: z.literal('non_fast_forward') }),
  z.object({ type: z.literal('required_linear_history') }),
  z.object({ type: z.literal('required_signatures') }),
  CheckRule,
  PullRequestRule,
  QueueRule,
]);

const Names = z.object({
  include: z.array(z.string()).default([]),
  exclude: z.array(z.string()).default([]),
});

/** https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset */
export const RulesetBody = z.object({
  name: z.string().min(1),
  target: z.literal('branch').default('branch'),
  enforcement: z.enum(['active', 'disabled', 'evaluate']),
  bypass_actors: z
    .array(
      z.object({
        actor_id: z.number().int().nullish(),
        actor_type: z.enum([
          'Integration',
          'OrganizationAdmin',
          'RepositoryRole',
          'Team',
          'User',
          'DeployKey',
        ]),
        bypass_mode: z.enum(['always', 'pull_request', 'exempt']).default('always'),
      }),
    )
    .default([]),
  conditions: z
    .object({
      ref_name: Names.default({ include: [], exclude: [] }),
      repository_name: Names.optional(),
      repository_id: z.object({ repository_ids: z.array(z.number().int()) }).optional(),
    })
    .default({ ref_name: { include: [], exclude: [] } }),
  rules: z.array(RuleBody).default([]),
});

/** Of an update each field may be left out, and then stays: https://docs.github.com/en/rest/repos/rules#update-a-repository-ruleset */
export const RulesetUpdate = RulesetBody.partial();

/**
 * A merge queue is for repositories of organisations, and set up on each of them.
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-merge-queue
 * @throws GitHubError 422
 */
export function refuseQueue(rules: Rule[]): void {
  if (!rules.some((rule) => rule.type === 'merge_queue')) return;
  const message = "Invalid rule 'merge_queue': ";
  throw validationFailed({ resource: 'Ruleset', code: 'custom', field: 'rules', message });
}

type Place = Pick<Ruleset, 'id' | 'source' | 'sourceType'>;

/** A ruleset as a request wants it to be. @throws GitHubError 422 for teams that are not there */
export function readRuleset(
  sandbox: SandboxContext,
  body: z.output<typeof RulesetBody>,
  place: Place,
): Ruleset {
  requireTeams(sandbox, body.rules);
  const now = timestamp(sandbox);
  return {
    ...place,
    name: body.name,
    enforcement: body.enforcement,
    conditions: body.conditions,
    rules: body.rules,
    bypassActors: bypassOf(body.bypass_actors),
    createdAt: now,
    updatedAt: now,
  };
}

/** Changes what a request names. */
export function updateRuleset(
  sandbox: SandboxContext,
  ruleset: Ruleset,
  given: Record<string, unknown>,
): void {
  const parsed = RulesetUpdate.parse(given);
  const has = (name: string) => given[name] !== undefined;
  if (has('rules') && parsed.rules) requireTeams(sandbox, parsed.rules);
  if (has('name') && parsed.name) ruleset.name = parsed.name;
  if (has('enforcement') && parsed.enforcement) ruleset.enforcement = parsed.enforcement;
  if (has('conditions') && parsed.conditions) ruleset.conditions = parsed.conditions;
  if (has('rules') && parsed.rules) ruleset.rules = parsed.rules;
  if (has('bypass_actors') && parsed.bypass_actors) ruleset.bypassActors = bypassOf(parsed.bypass_actors);
  ruleset.updatedAt = timestamp(sandbox);
}

function bypassOf(actors: z.output<typeof RulesetBody>['bypass_actors']): Ruleset['bypassActors'] {
  return actors.map((one) => ({ ...one, actor_id: one.actor_id ?? null }));
}

function requireTeams(sandbox: SandboxContext, rules: Rule[]): void {
  const organizations = [...sandbox.state.organizations.values()];
  const ids = new Set(organizations.flatMap((one) => [...one.teams.values()].map((team) => team.id)));
  for (const rule of rules) {
    const pull = rule.type === 'pull_request' ? PullRequestRule.parse(rule).parameters : null;
    const unknown = pull?.required_reviewers?.find((one) => !ids.has(one.reviewer.id));
    if (unknown)
      throw new GitHubError(
        422,
        `Invalid rule 'pull_request': there is no team with the id ${unknown.reviewer.id}`,
      );
  }
}
