import { z } from 'zod';
import { allows, inaccessible } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { rulesetJson, rulesetSummaryJson } from '../json-protection.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, notFound, numberParam, param } from '../route-input.ts';
import { RulesetBody, RulesetUpdate, readRuleset, refuseQueue, updateRuleset } from '../ruleset-input.ts';
import type { Organization } from '../state.ts';
import type { Ruleset } from '../state-protection.ts';

/** Rulesets for many repositories: https://docs.github.com/en/rest/orgs/rules */
export const organizationRulesetRoutes: Routes = (app, sandbox) => {
  const path = '/orgs/:org/rulesets';
  app.get(path, (c: RouteContext) => {
    const rulesets = [...rulesetsOf(requireOwner(c, sandbox)).values()];
    return c.json(paginate(c, rulesets).map((ruleset) => rulesetSummaryJson(sandbox, ruleset)));
  });
  app.post(path, async (c: RouteContext) => {
    const organization = requireOwner(c, sandbox);
    const place = {
      id: sandbox.nextId(),
      source: organization.login,
      sourceType: 'Organization' as const,
    };
    const body = await bodyOf(c, RulesetBody);
    refuseQueue(body.rules);
    const ruleset = readRuleset(sandbox, body, place);
    rulesetsOf(organization).set(ruleset.id, ruleset);
    return c.json(rulesetJson(sandbox, ruleset), 201);
  });
  app.get(`${path}/:id`, (c: RouteContext) => c.json(rulesetJson(sandbox, requireRuleset(c, sandbox))));
  app.put(`${path}/:id`, async (c: RouteContext) => {
    const ruleset = requireRuleset(c, sandbox);
    const given = await bodyOf(c, z.record(z.string(), z.unknown()));
    refuseQueue((await bodyOf(c, RulesetUpdate)).rules ?? []);
    updateRuleset(sandbox, ruleset, given);
    return c.json(rulesetJson(sandbox, ruleset));
  });
  app.delete(`${path}/:id`, (c: RouteContext) => {
    const { id } = requireRuleset(c, sandbox);
    rulesetsOf(requireOwner(c, sandbox)).delete(id);
    return c.body(null, 204);
  });
};

function rulesetsOf(organization: Organization): Map<number, Ruleset> {
  organization.rulesets ??= new Map();
  return organization.rulesets;
}

function requireRuleset(c: RouteContext, sandbox: SandboxContext): Ruleset {
  const ruleset = rulesetsOf(requireOwner(c, sandbox)).get(numberParam(c, 'id'));
  if (!ruleset) throw notFound();
  return ruleset;
}

/** The organisation of the path, for its owners and for Apps that may administer it. */
function requireOwner(c: RouteContext, sandbox: SandboxContext): Organization {
  const organization = sandbox.state.organizations.get(param(c, 'org'));
  if (!organization) throw notFound();
  const actor = c.get('actor');
  if (actor.kind === 'installation') {
    const isHere = actor.installation.account === organization.login;
    if (isHere && allows(actor.permissions, 'organization_administration', 'write')) return organization;
    throw inaccessible();
  }
  if (actor.kind === 'anonymous') throw new GitHubError(401, 'Requires authentication');
  if (actor.kind === 'user' && organization.owners?.has(actor.user.login)) return organization;
  throw notFound();
}
