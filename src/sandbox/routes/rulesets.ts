import { z } from 'zod';
import { requireRepository } from '../access.ts';
import { rulesetsFor } from '../branch-rules.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { rulesetJson, rulesetSummaryJson } from '../json-protection.ts';
import { paginate } from '../paginate.ts';
import { peopleOf } from '../people.ts';
import { bodyOf, notFound, numberParam, param } from '../route-input.ts';
import type { Repository, Ruleset } from '../state.ts';

/** Only what is enforced is accepted: a rule that is kept but not enforced would protect nothing. */
const RuleBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('deletion') }),
  z.object({ type: z.literal('non_fast_forward') }),
  z.object({
    type: z.literal('required_status_checks'),
    parameters: z.looseObject({
      required_status_checks: z.array(
        z.object({ context: z.string().min(1), integration_id: z.number().int().nullish() }),
      ),
      strict_required_status_checks_policy: z.boolean(),
    }),
  }),
  z.object({
    type: z.literal('pull_request'),
    parameters: z.looseObject({
      required_approving_review_count: z.number().int().min(0).max(10),
      dismiss_stale_reviews_on_push: z.boolean(),
      require_code_owner_review: z.boolean(),
      require_last_push_approval: z.boolean(),
      required_review_thread_resolution: z.boolean().optional(),
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
  }),
]);

const Body = z.object({
  name: z.string().min(1),
  target: z.literal('branch').default('branch'),
  enforcement: z.enum(['active', 'disabled', 'evaluate']),
  bypass_actors: z
    .array(
      z.object({
        actor_id: z.number().int().nullish(),
        actor_type: z.enum(['Integration', 'OrganizationAdmin', 'RepositoryRole', 'Team']),
        bypass_mode: z.enum(['always', 'pull_request']).default('always'),
      }),
    )
    .default([]),
  conditions: z
    .object({
      ref_name: z.object({
        include: z.array(z.string()).default([]),
        exclude: z.array(z.string()).default([]),
      }),
    })
    .default({ ref_name: { include: [], exclude: [] } }),
  rules: z.array(RuleBody).default([]),
});

/** https://docs.github.com/en/rest/repos/rules */
export const rulesetRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/rulesets';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['metadata', 'read'] });
  const admin = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['administration', 'write'], role: 'admin' });
  app.get(path, (c: RouteContext) => {
    const repository = reader(c);
    const rulesets = paginate(c, [...repository.rulesets.values()]);
    return c.json(rulesets.map((ruleset) => rulesetSummaryJson(sandbox, repository, ruleset)));
  });
  app.post(path, async (c: RouteContext) => {
    const repository = admin(c);
    const ruleset = await readRuleset(c, sandbox, repository, sandbox.nextId());
    repository.rulesets.set(ruleset.id, ruleset);
    return c.json(rulesetJson(sandbox, repository, ruleset), 201);
  });
  app.get(`${path}/:id`, (c: RouteContext) => {
    const repository = reader(c);
    return c.json(rulesetJson(sandbox, repository, requireRuleset(c, repository)));
  });
  app.put(`${path}/:id`, async (c: RouteContext) => {
    const repository = admin(c);
    const { id } = requireRuleset(c, repository);
    const ruleset = await readRuleset(c, sandbox, repository, id);
    repository.rulesets.set(id, ruleset);
    return c.json(rulesetJson(sandbox, repository, ruleset));
  });
  app.delete(`${path}/:id`, (c: RouteContext) => {
    const repository = admin(c);
    repository.rulesets.delete(requireRuleset(c, repository).id);
    return c.body(null, 204);
  });
  app.get('/repos/:owner/:repo/rules/branches/:branch{.+}', (c: RouteContext) => {
    const repository = reader(c);
    const rules = rulesetsFor(repository, param(c, 'branch')).flatMap((ruleset) =>
      ruleset.rules.map((rule) => ({
        ...rule,
        ruleset_source_type: 'Repository',
        ruleset_source: repository.fullName,
        ruleset_id: ruleset.id,
      })),
    );
    return c.json(paginate(c, rules));
  });
};

function requireRuleset(c: RouteContext, repository: Repository): Ruleset {
  const ruleset = repository.rulesets.get(numberParam(c, 'id'));
  if (!ruleset) throw notFound();
  return ruleset;
}

async function readRuleset(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  id: number,
): Promise<Ruleset> {
  const body = await bodyOf(c, Body);
  const people = peopleOf(sandbox, repository);
  for (const rule of body.rules) {
    const reviewers = rule.type === 'pull_request' ? (rule.parameters.required_reviewers ?? []) : [];
    const unknown = reviewers.find((one) => people.teamById(one.reviewer.id) === null);
    if (unknown)
      throw new GitHubError(
        422,
        `Invalid rule 'pull_request': there is no team with the id ${unknown.reviewer.id}`,
      );
  }
  return {
    id,
    name: body.name,
    enforcement: body.enforcement,
    conditions: body.conditions,
    rules: body.rules,
    bypassActors: body.bypass_actors.map((one) => ({ ...one, actor_id: one.actor_id ?? null })),
  };
}
