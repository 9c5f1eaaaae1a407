import { z } from 'zod';
import { requireRepository, roleAtLeast, roleOf } from '../access.ts';
import { allRulesets, rulesetsFor } from '../branch-rules.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { rulesetJson, rulesetSummaryJson } from '../json-protection.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, notFound, numberParam, param } from '../route-input.ts';
import { RulesetBody, RulesetUpdate, readRuleset, refuseQueue, updateRuleset } from '../ruleset-input.ts';
import type { Repository } from '../state.ts';
import type { Ruleset } from '../state-protection.ts';

const PATH = '/repos/:owner/:repo/rulesets';

/** https://docs.github.com/en/rest/repos/rules */
export const rulesetRoutes: Routes = (app, sandbox) => {
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['metadata', 'read'] });
  const admin = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['administration', 'write'], role: 'admin' });
  app.get(PATH, (c: RouteContext) => {
    const rulesets = visibleRulesets(c, sandbox, reader(c));
    return c.json(paginate(c, rulesets).map((ruleset) => rulesetSummaryJson(sandbox, ruleset)));
  });
  app.post(PATH, async (c: RouteContext) => {
    const repository = admin(c);
    const body = await bodyOf(c, RulesetBody);
    if (!isOwnedTogether(sandbox, repository)) refuseQueue(body.rules);
    const { fullName: source } = repository;
    const place = { id: sandbox.nextId(), source, sourceType: 'Repository' as const };
    const ruleset = readRuleset(sandbox, body, place);
    repository.rulesets.set(ruleset.id, ruleset);
    return c.json(rulesetJson(sandbox, ruleset), 201);
  });
  app.get(`${PATH}/:id`, (c: RouteContext) => {
    const repository = reader(c);
    const id = numberParam(c, 'id');
    const ruleset = visibleRulesets(c, sandbox, repository).find((one) => one.id === id);
    if (!ruleset) throw notFound();
    return c.json(rulesetJson(sandbox, ruleset, mayChange(c, sandbox, repository)));
  });
  app.put(`${PATH}/:id`, async (c: RouteContext) => {
    const repository = admin(c);
    const ruleset = requireRuleset(c, repository);
    const given = await bodyOf(c, z.record(z.string(), z.unknown()));
    const body = await bodyOf(c, RulesetUpdate);
    if (!isOwnedTogether(sandbox, repository)) refuseQueue(body.rules ?? []);
    updateRuleset(sandbox, ruleset, given);
    return c.json(rulesetJson(sandbox, ruleset));
  });
  app.delete(`${PATH}/:id`, (c: RouteContext) => {
    const repository = admin(c);
    repository.rulesets.delete(requireRuleset(c, repository).id);
    return c.body(null, 204);
  });
  // https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
  app.get('/repos/:owner/:repo/rules/branches/:branch{.+}', (c: RouteContext) => {
    const repository = reader(c);
    const rules = rulesetsFor(sandbox, repository, param(c, 'branch')).flatMap((ruleset) =>
      ruleset.rules.map((rule) => ({
        ...rule,
        ruleset_source_type: ruleset.sourceType,
        ruleset_source: ruleset.source,
        ruleset_id: ruleset.id,
      })),
    );
    return c.json(paginate(c, rules));
  });
};

/** Those of the organisation too, unless the query does not want them. */
function visibleRulesets(c: RouteContext, sandbox: SandboxContext, repository: Repository): Ruleset[] {
  const own = c.req.query('includes_parents') === 'false';
  return own ? [...repository.rulesets.values()] : allRulesets(sandbox, repository);
}

function requireRuleset(c: RouteContext, repository: Repository): Ruleset {
  const ruleset = repository.rulesets.get(numberParam(c, 'id'));
  if (!ruleset) throw notFound();
  return ruleset;
}

function isOwnedTogether(sandbox: SandboxContext, repository: Repository): boolean {
  return sandbox.state.organizations.has(repository.owner);
}

function mayChange(c: RouteContext, sandbox: SandboxContext, repository: Repository): boolean {
  const actor = c.get('actor');
  if (actor.kind === 'installation') return actor.permissions.administration === 'write';
  return actor.kind === 'user' && roleAtLeast(roleOf(sandbox, repository, actor.user.login), 'admin');
}
