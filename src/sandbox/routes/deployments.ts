import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { addDeployment, deploymentState } from '../deployments.ts';
import { GitHubError } from '../errors.ts';
import { resolveRef } from '../git.ts';
import { deploymentJson } from '../json-deployment.ts';
import { mergeCommits } from '../merge-branches.ts';
import { moveRef } from '../move-ref.ts';
import { paginate } from '../paginate.ts';
import { latestStatuses } from '../required-checks.ts';
import { actingAppId, bodyOf, notFound, numberParam, timestamp } from '../route-input.ts';
import type { Deployment, Repository } from '../state.ts';

const Body = z.object({
  ref: z.string().min(1),
  task: z.string().default('deploy'),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).nullish(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
  environment: z.string().min(1).max(255).default('production'),
  description: z.string().max(140).nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});
type Input = z.output<typeof Body>;

/** https://docs.github.com/en/rest/deployments/deployments */
export const deploymentRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/deployments';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['deployments', 'read'] });
  const writer = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['deployments', 'write'], role: 'write' });
  app.get(path, (c: RouteContext) => {
    const repository = reader(c);
    const page = paginate(c, listDeployments(c, repository));
    return c.json(page.map((one) => deploymentJson(sandbox, repository, one)));
  });
  app.post(path, async (c: RouteContext) => {
    const repository = writer(c);
    const body = await bodyOf(c, Body);
    const sha = await resolveRef(repository.gitDir, body.ref);
    if (sha === null) throw new GitHubError(422, `No ref found for: ${body.ref}`);
    const merged = body.auto_merge ? await autoMerge(c, sandbox, repository, body.ref) : null;
    if (merged !== null) return c.json({ message: merged }, 202);
    requireContexts(repository, sha, body);
    const deployment = newDeployment(c, sandbox, sha, body);
    addDeployment(sandbox, repository, deployment, actingUser(c));
    return c.json(deploymentJson(sandbox, repository, deployment), 201);
  });
  app.get(`${path}/:id`, (c: RouteContext) => {
    const repository = reader(c);
    return c.json(deploymentJson(sandbox, repository, requireDeployment(c, repository)));
  });
  app.delete(`${path}/:id`, (c: RouteContext) => {
    const repository = writer(c);
    const deployment = requireDeployment(c, repository);
    if (repository.deployments.size > 1 && deploymentState(deployment) === 'success')
      throw new GitHubError(
        422,
        'We cannot delete an active deployment unless it is the only deployment in a given environment.',
      );
    repository.deployments.delete(deployment.id);
    return c.body(null, 204);
  });
};

/** The deployment of the path. */
export function requireDeployment(c: RouteContext, repository: Repository): Deployment {
  const deployment = repository.deployments.get(numberParam(c, 'id'));
  if (!deployment) throw notFound();
  return deployment;
}

/** Newest first. */
function listDeployments(c: RouteContext, repository: Repository): Deployment[] {
  const { sha, ref, task, environment } = c.req.query();
  const any = (wish: string | undefined) => !wish || wish === 'none';
  return [...repository.deployments.values()]
    .filter((one) => any(sha) || one.sha === sha)
    .filter((one) => any(ref) || one.ref === ref)
    .filter((one) => any(task) || one.task === task)
    .filter((one) => any(environment) || one.environment === environment)
    .reverse();
}

function newDeployment(c: RouteContext, sandbox: SandboxContext, sha: string, body: Input): Deployment {
  const now = timestamp(sandbox);
  return {
    id: sandbox.nextId(),
    sha,
    ref: body.ref,
    task: body.task,
    payload: body.payload,
    environment: body.environment,
    description: body.description ?? null,
    transient: body.transient_environment,
    production: body.production_environment ?? body.environment === 'production',
    creator: actingUser(c).login,
    appId: actingAppId(c),
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
}

/** Brings a branch that is behind up to the default branch, instead of deploying it. Null when it is not behind. */
async function autoMerge(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  branch: string,
): Promise<string | null> {
  const base = repository.defaultBranch;
  const ref = `refs/heads/${branch}`;
  const before = await resolveRef(repository.gitDir, ref);
  const from = await resolveRef(repository.gitDir, `refs/heads/${base}`);
  if (before === null || from === null) return null;
  const message = `Merge branch '${base}' into ${branch}`;
  const merge = await mergeCommits(sandbox, repository, { into: before, from, message, user: actingUser(c) });
  if (merge.kind === 'nothing') return null;
  if (merge.kind === 'conflict') throw new GitHubError(409, `Conflict merging ${base} into ${branch}`);
  if (!(await moveRef(c, sandbox, repository, { ref, before, after: merge.sha }, 409)))
    throw new GitHubError(409, `Conflict merging ${base} into ${branch}`);
  return `Auto-merged ${base} into ${branch} on deployment.`;
}

/** By default all statuses that there are must be green; `[]` asks for none. */
function requireContexts(repository: Repository, sha: string, body: Input): void {
  const statuses = latestStatuses(repository, sha);
  const names = body.required_contexts ?? statuses.map((status) => status.context);
  const contexts = names.map((context) => ({
    context,
    state: statuses.find((status) => status.context === context)?.state ?? 'missing',
  }));
  if (contexts.every((one) => one.state === 'success')) return;
  throw new GitHubError(409, `Conflict: Commit status checks failed for ${body.ref}.`, [
    { contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' },
  ]);
}
