import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import type { RouteContext, Routes } from '../context.ts';
import { addStatus } from '../deployments.ts';
import { deploymentStatusJson } from '../json-deployment.ts';
import { paginate } from '../paginate.ts';
import { actingAppId, bodyOf, notFound, numberParam } from '../route-input.ts';
import { requireDeployment } from './deployments.ts';

const Body = z.object({
  state: z.enum(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']),
  target_url: z.string().optional(),
  log_url: z.string().optional(),
  description: z.string().max(140).nullish(),
  environment: z.string().min(1).optional(),
  environment_url: z.string().optional(),
  auto_inactive: z.boolean().default(true),
});

/** https://docs.github.com/en/rest/deployments/statuses */
export const deploymentStatusRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/deployments/:id/statuses';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['deployments', 'read'] });
  app.get(path, (c: RouteContext) => {
    const repository = reader(c);
    const deployment = requireDeployment(c, repository);
    const page = paginate(c, [...deployment.statuses].reverse());
    return c.json(page.map((one) => deploymentStatusJson(sandbox, repository, deployment, one)));
  });
  app.get(`${path}/:status`, (c: RouteContext) => {
    const repository = reader(c);
    const deployment = requireDeployment(c, repository);
    const status = deployment.statuses.find((one) => one.id === numberParam(c, 'status'));
    if (!status) throw notFound();
    return c.json(deploymentStatusJson(sandbox, repository, deployment, status));
  });
  app.post(path, async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['deployments', 'write'], role: 'write' });
    const deployment = requireDeployment(c, repository);
    const body = await bodyOf(c, Body);
    const sender = actingUser(c);
    const status = addStatus(sandbox, repository, deployment, {
      status: {
        state: body.state,
        description: body.description ?? '',
        environment: body.environment ?? deployment.environment,
        environmentUrl: body.environment_url ?? '',
        logUrl: body.log_url ?? body.target_url ?? '',
        creator: sender.login,
        appId: actingAppId(c),
      },
      autoInactive: body.auto_inactive,
      sender,
    });
    return c.json(deploymentStatusJson(sandbox, repository, deployment, status), 201);
  });
};
