import { z } from 'zod';
import { actingUser, allows, covers, inaccessible, roleAtLeast, roleOf } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { fetchFrom } from '../git.ts';
import { mergeCommits } from '../merge-branches.ts';
import { moveRef } from '../move-ref.ts';
import { baseTip, headRepositoryOf, isOpen } from '../pull-git.ts';
import { bodyOf } from '../route-input.ts';
import type { PullRequest, Repository } from '../state.ts';
import { requirePull } from './pulls.ts';

const Body = z.object({ expected_head_sha: z.string().nullish() });

/**
 * Merges the base into the head. GitHub answers 202 and does it a little later; here it is done by then.
 * https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request-branch
 */
export const updateBranchRoutes: Routes = (app, sandbox) => {
  app.put('/repos/:owner/:repo/pulls/:number/update-branch', async (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox, 'write');
    const { expected_head_sha: expected } = await bodyOf(c, Body);
    const head = requireHead(c, sandbox, repository, pull);
    if (expected && expected !== pull.headSha)
      throw new GitHubError(422, 'expected head sha didn’t match current head ref.');
    await updateHead(c, sandbox, { repository, pull, head });
    const url = `${sandbox.url()}/repos/${repository.fullName}/pulls/${pull.number}`;
    return c.json({ message: 'Updating pull request branch.', url }, 202);
  });
};

/** The head's repository, when the actor may push there. */
function requireHead(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Repository {
  const head = headRepositoryOf(sandbox, pull);
  if (head === null || !isOpen(repository, pull))
    throw new GitHubError(422, 'Cannot update a closed pull request or one without its head branch.');
  const actor = c.get('actor');
  if (actor.kind === 'installation') {
    if (covers(actor, head) && allows(actor.permissions, 'contents', 'write')) return head;
    throw inaccessible();
  }
  const { login } = actingUser(c);
  const isMaintainer = pull.maintainerCanModify && roleAtLeast(roleOf(sandbox, repository, login), 'write');
  if (isMaintainer || roleAtLeast(roleOf(sandbox, head, login), 'write')) return head;
  throw new GitHubError(403, 'Must have write access to the head repository.');
}

async function updateHead(
  c: RouteContext,
  sandbox: SandboxContext,
  { repository, pull, head }: { repository: Repository; pull: PullRequest; head: Repository },
): Promise<void> {
  const from = await baseTip(repository, pull);
  if (head !== repository) await fetchFrom(head.gitDir, repository.gitDir, from);
  const before = pull.headSha;
  const message = `Merge branch '${pull.baseRef}' into ${pull.headRef}`;
  const merge = await mergeCommits(sandbox, head, { into: before, from, message, user: actingUser(c) });
  if (merge.kind === 'nothing') throw new GitHubError(422, 'There are no new commits on the base branch.');
  if (merge.kind === 'conflict') throw new GitHubError(422, 'merge conflict between base and head');
  const ref = `refs/heads/${pull.headRef}`;
  if (!(await moveRef(c, sandbox, head, { ref, before, after: merge.sha })))
    throw new GitHubError(422, 'expected head sha didn’t match current head ref.');
}
