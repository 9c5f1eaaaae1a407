import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import { commitJson } from '../commit-json.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { listRefs, readCommit, resolveRef } from '../git.ts';
import { repositoryJson } from '../json.ts';
import { statusJson } from '../json-check.ts';
import { paginate } from '../paginate.ts';
import { latestStatuses } from '../required-checks.ts';
import { bodyOf, param, timestamp } from '../route-input.ts';
import type { CommitStatus, Repository, User } from '../state.ts';
import { requireCommit } from './checks.ts';

const Body = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullish(),
  description: z.string().max(140).nullish(),
  context: z.string().min(1).default('default'),
});

/** https://docs.github.com/en/rest/commits/statuses */
export const statusRoutes: Routes = (app, sandbox) => {
  const repo = '/repos/:owner/:repo';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['statuses', 'read'] });
  app.post(`${repo}/statuses/:sha`, async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['statuses', 'write'], role: 'write' });
    const sha = param(c, 'sha');
    if ((await resolveRef(repository.gitDir, sha)) !== sha)
      throw new GitHubError(422, `No commit found for SHA: ${sha}`);
    const user = actingUser(c);
    const status = record(sandbox, repository, sha, await bodyOf(c, Body), user);
    await emitStatus(sandbox, repository, status, user);
    return c.json(statusJson(sandbox, repository, status), 201);
  });
  app.get(`${repo}/commits/:ref{.+}/status`, async (c: RouteContext) => {
    const repository = reader(c);
    const sha = await requireCommit(c, repository);
    const statuses = latestStatuses(repository, sha);
    return c.json({
      state: combinedState(statuses),
      sha,
      total_count: statuses.length,
      statuses: paginate(c, statuses).map((status) => statusJson(sandbox, repository, status)),
      repository: repositoryJson(sandbox, repository),
      commit_url: `${sandbox.url()}/repos/${repository.fullName}/commits/${sha}`,
      url: `${sandbox.url()}/repos/${repository.fullName}/commits/${sha}/status`,
    });
  });
  app.get(`${repo}/commits/:ref{.+}/statuses`, async (c: RouteContext) => {
    const repository = reader(c);
    const sha = await requireCommit(c, repository);
    const statuses = repository.statuses.filter((status) => status.sha === sha).reverse();
    return c.json(paginate(c, statuses).map((status) => statusJson(sandbox, repository, status)));
  });
};

function record(
  sandbox: SandboxContext,
  repository: Repository,
  sha: string,
  body: z.output<typeof Body>,
  creator: User,
): CommitStatus {
  const now = timestamp(sandbox);
  const status: CommitStatus = {
    id: sandbox.nextId(),
    sha,
    state: body.state,
    context: body.context,
    description: body.description ?? null,
    targetUrl: body.target_url ?? null,
    creator: creator.login,
    createdAt: now,
    updatedAt: now,
  };
  repository.statuses.push(status);
  return status;
}

/** `pending` also when there is none yet. */
function combinedState(statuses: CommitStatus[]): string {
  if (statuses.some((status) => status.state === 'error' || status.state === 'failure')) return 'failure';
  return statuses.length > 0 && statuses.every((status) => status.state === 'success')
    ? 'success'
    : 'pending';
}

async function emitStatus(
  sandbox: SandboxContext,
  repository: Repository,
  status: CommitStatus,
  sender: User,
): Promise<void> {
  const branches = await listRefs(repository.gitDir, 'refs/heads/');
  const url = `${sandbox.url()}/repos/${repository.fullName}/commits/${status.sha}`;
  sandbox.emit('status', {
    repository,
    sender,
    payload: {
      id: status.id,
      sha: status.sha,
      name: repository.fullName,
      target_url: status.targetUrl,
      context: status.context,
      description: status.description,
      state: status.state,
      commit: commitJson(sandbox, repository, await readCommit(repository.gitDir, status.sha)),
      branches: branches
        .filter((branch) => branch.sha === status.sha)
        .map(({ ref, sha }) => ({
          name: ref.slice('refs/heads/'.length),
          commit: { sha, url },
          protected: false,
        })),
      created_at: status.createdAt,
      updated_at: status.updatedAt,
    },
  });
}
