import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import type { RuleActor } from '../branch-rules.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { resolveRef, updateRef } from '../git.ts';
import { type MergeMethod, writeMerge } from '../merge.ts';
import { reasonsAgainst } from '../mergeability.ts';
import { refusal } from '../protection.ts';
import { headRepositoryOf, isOpen } from '../pull-git.ts';
import { emitPull, markMerged } from '../pull-requests.ts';
import { actingAppId, bodyOf, notFound, numberParam } from '../route-input.ts';
import type { PullRequest, Repository, User } from '../state.ts';

const Body = z.object({
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  sha: z.string().nullish(),
  commit_title: z.string().nullish(),
  commit_message: z.string().nullish(),
});

/** https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request */
export const mergeRoutes: Routes = (app, sandbox) => {
  app.put('/repos/:owner/:repo/pulls/:number/merge', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'write'], role: 'write' });
    const pull = repository.pulls.get(numberParam(c, 'number'));
    if (!pull) throw notFound();
    const body = await bodyOf(c, Body);
    const user = actingUser(c);
    const actor = { login: user.login, appId: actingAppId(c) };
    const sha = await oneAtATime(repository, () =>
      merge(sandbox, repository, pull, { ...body, user, actor }),
    );
    return c.json({ sha, merged: true, message: 'Pull Request successfully merged' });
  });

  app.get('/repos/:owner/:repo/pulls/:number/merge', (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'read'] });
    if (!repository.pulls.get(numberParam(c, 'number'))?.merged) throw notFound();
    return c.body(null, 204);
  });
};

type Request = z.output<typeof Body> & { user: User; actor: RuleActor };

const queues = new WeakMap<Repository, Promise<unknown>>();

/** Merges of one repository wait for each other, so that each sees what the last one did. */
async function oneAtATime<T>(repository: Repository, work: () => Promise<T>): Promise<T> {
  const result = (queues.get(repository) ?? Promise.resolve()).then(work);
  queues.set(
    repository,
    result.then(
      () => undefined,
      () => undefined,
    ),
  );
  return result;
}

async function merge(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  request: Request,
): Promise<string> {
  requireOpen(repository, pull, request.merge_method);
  if (request.sha && request.sha !== pull.headSha)
    throw new GitHubError(409, 'Head branch was modified. Review and try the merge again.');
  const ref = `refs/heads/${pull.baseRef}`;
  const headSha = pull.headSha;
  const base = await resolveRef(repository.gitDir, ref);
  if (base === null) throw new GitHubError(404, 'Base branch does not exist');
  const after = await writeMerge(sandbox, repository, pull, {
    method: request.merge_method,
    base,
    title: request.commit_title ?? undefined,
    message: request.commit_message ?? undefined,
    merger: request.user,
  });
  if (after === null) throw new GitHubError(405, 'Pull Request is not mergeable');
  const reasons = await reasonsAgainst(sandbox, repository, pull, request.actor);
  if (reasons.length > 0) throw new GitHubError(405, refusal(reasons));
  // A push to the head since then would be merged unseen.
  if (pull.headSha !== headSha)
    throw new GitHubError(409, 'Head branch was modified. Review and try the merge again.');
  // Compare-and-swap: a push to the base since then makes the result wrong.
  if (!(await updateRef(repository.gitDir, ref, after, base)))
    throw new GitHubError(405, 'Base branch was modified. Review and try the merge again.');
  markMerged(sandbox, repository, pull, { by: request.user.login, commitSha: after, baseSha: base });
  await sandbox.refChanged(repository, { ref, before: base, after, pusher: request.user });
  await emitPull(sandbox, repository, pull, { action: 'closed', sender: request.user });
  await deleteHead(sandbox, repository, pull, request.user);
  return after;
}

function requireOpen(repository: Repository, pull: PullRequest, method: MergeMethod): void {
  if (!isOpen(repository, pull)) throw new GitHubError(405, 'Pull Request is not mergeable');
  if (pull.draft) throw new GitHubError(405, 'Pull Request is still a draft');
  const { allowMergeCommit, allowSquashMerge, allowRebaseMerge } = repository;
  if (method === 'merge' && !allowMergeCommit)
    throw new GitHubError(405, 'Merge commits are not allowed on this repository.');
  if (method === 'squash' && !allowSquashMerge)
    throw new GitHubError(405, 'Squash merges are not allowed on this repository.');
  if (method === 'rebase' && !allowRebaseMerge)
    throw new GitHubError(405, 'Rebase merges are not allowed on this repository.');
}

/** Branches of forks belong to others, and a head that moved on since the merge is kept. */
async function deleteHead(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  user: User,
): Promise<void> {
  const head = headRepositoryOf(sandbox, pull);
  if (!repository.deleteBranchOnMerge || head !== repository || pull.headRef === repository.defaultBranch)
    return;
  const ref = `refs/heads/${pull.headRef}`;
  if (await updateRef(repository.gitDir, ref, null, pull.headSha))
    await sandbox.refChanged(repository, { ref, before: pull.headSha, after: null, pusher: user });
}
