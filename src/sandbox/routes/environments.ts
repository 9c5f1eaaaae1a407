import { z } from 'zod';
import { requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { ensureEnvironment } from '../deployments.ts';
import { environmentJson } from '../json-deployment.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, notFound, param, timestamp, validationFailed } from '../route-input.ts';
import type { Environment, Repository } from '../state.ts';

const Body = z
  .object({
    wait_timer: z.number().int().min(0).max(43_200).optional(),
    prevent_self_review: z.boolean().optional(),
    reviewers: z
      .array(z.object({ type: z.enum(['User', 'Team']), id: z.number().int() }))
      .max(6)
      .nullish(),
    deployment_branch_policy: z
      .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
      .nullish(),
  })
  .nullish();

/** https://docs.github.com/en/rest/deployments/environments */
export const environmentRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/environments';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['actions', 'read'] });
  const admin = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['administration', 'write'], role: 'admin' });
  app.get(path, (c: RouteContext) => {
    const repository = reader(c);
    const all = [...repository.environments.values()];
    const environments = paginate(c, all).map((one) => environmentJson(sandbox, repository, one));
    return c.json({ total_count: all.length, environments });
  });
  app.get(`${path}/:name`, (c: RouteContext) => {
    const repository = reader(c);
    return c.json(environmentJson(sandbox, repository, requireEnvironment(c, repository)));
  });
  app.put(`${path}/:name`, async (c: RouteContext) => {
    const repository = admin(c);
    const body = (await bodyOf(c, Body)) ?? {};
    checkReviewers(sandbox, body.reviewers ?? []);
    const policy = body.deployment_branch_policy ?? null;
    if (policy && policy.protected_branches === policy.custom_branch_policies)
      throw validationFailed({
        resource: 'Environment',
        field: 'deployment_branch_policy',
        code: 'custom',
        message: 'protected_branches and custom_branch_policies cannot have the same value',
      });
    const environment = ensureEnvironment(sandbox, repository, param(c, 'name'));
    // What a request leaves out is reset, not kept.
    Object.assign(environment, {
      waitTimerMinutes: body.wait_timer ?? 0,
      preventSelfReview: body.prevent_self_review ?? false,
      reviewers: body.reviewers ?? [],
      branchPolicy: policy,
      updatedAt: timestamp(sandbox),
    });
    return c.json(environmentJson(sandbox, repository, environment));
  });
  app.delete(`${path}/:name`, (c: RouteContext) => {
    const repository = admin(c);
    repository.environments.delete(requireEnvironment(c, repository).name.toLowerCase());
    return c.body(null, 204);
  });
};

function requireEnvironment(c: RouteContext, repository: Repository): Environment {
  const environment = repository.environments.get(param(c, 'name').toLowerCase());
  if (!environment) throw notFound();
  return environment;
}

function checkReviewers(sandbox: SandboxContext, reviewers: Environment['reviewers']): void {
  const users = new Set([...sandbox.state.users.values()].map((one) => one.id));
  const teams = new Set(
    [...sandbox.state.organizations.values()].flatMap((one) =>
      [...one.teams.values()].map((team) => team.id),
    ),
  );
  const unknown = reviewers.find(({ type, id }) => !(type === 'User' ? users : teams).has(id));
  if (unknown) throw validationFailed({ resource: 'Environment', field: 'reviewers', code: 'invalid' });
}
