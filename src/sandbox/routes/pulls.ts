import { z } from 'zod';
import { actingUser, requireRepository, roleOf } from '../access.ts';
import type { RuleActor } from '../bypass.ts';
import { commitJson, fileChangeJson } from '../commit-json.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { log } from '../git.ts';
import { requireAuthorOr } from '../issue-access.ts';
import { pullJson, pullSummaryJson } from '../json-pull.ts';
import { listPulls } from '../list-pulls.ts';
import { mergeability } from '../mergeability.ts';
import { headOf, openPull } from '../open-pull.ts';
import { paginate } from '../paginate.ts';
import { atLeast } from '../people.ts';
import { baseTip, issueOf, pullCommits, pullFiles } from '../pull-git.ts';
import { emitPull } from '../pull-requests.ts';
import { requestCodeOwners } from '../request-code-owners.ts';
import { actingAppId, bodyOf, notFound, numberParam, param } from '../route-input.ts';
import type { PullRequest, Repository } from '../state.ts';
import { updatePull } from '../update-pull.ts';

const NewBody = z.object({
  title: z.string().min(1).max(256),
  body: z.string().max(65_536).nullish(),
  head: z.string().min(1),
  head_repo: z.string().nullish(),
  base: z.string().min(1),
  draft: z.boolean().nullish(),
  maintainer_can_modify: z.boolean().nullish(),
});

const UpdateBody = z.object({
  title: z.string().min(1).max(256).optional(),
  body: z.string().max(65_536).nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().min(1).optional(),
});

/** The pull request of the path, for whoever may read it. */
export function requirePull(
  c: RouteContext,
  sandbox: SandboxContext,
  access: 'read' | 'write' = 'read',
): { repository: Repository; pull: PullRequest } {
  const repository = requireRepository(c, sandbox, { permission: ['pull_requests', access] });
  const pull = repository.pulls.get(numberParam(c, 'number'));
  if (!pull) throw notFound();
  return { repository, pull };
}

/** Whoever asks how a pull request stands; null for nobody in particular. */
function viewerOf(c: RouteContext): RuleActor | null {
  const actor = c.get('actor');
  return 'user' in actor ? { login: actor.user.login, appId: actingAppId(c) } : null;
}

/** https://docs.github.com/en/rest/pulls/pulls */
export const pullRoutes: Routes = (app, sandbox) => {
  app.post('/repos/:owner/:repo/pulls', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['pull_requests', 'write'] });
    const pull = await createPull(c, sandbox, repository);
    return c.json(await pullJson(sandbox, repository, pull), 201);
  });
  app.get('/repos/:owner/:repo/pulls', (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['pull_requests', 'read'] });
    const page = paginate(c, listPulls(c, repository, sandbox.now()));
    return c.json(page.map((pull) => pullSummaryJson(sandbox, repository, pull)));
  });
  app.get('/repos/:owner/:repo/pulls/:number', async (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox);
    return c.json(
      await pullJson(sandbox, repository, pull, await mergeability(sandbox, repository, pull, viewerOf(c))),
    );
  });
  app.patch('/repos/:owner/:repo/pulls/:number', async (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox, 'write');
    const user = requireAuthorOr(c, sandbox, repository, issueOf(repository, pull).user, 'triage');
    await updatePull(sandbox, repository, pull, await bodyOf(c, UpdateBody), user);
    return c.json(
      await pullJson(sandbox, repository, pull, await mergeability(sandbox, repository, pull, viewerOf(c))),
    );
  });
  app.get('/repos/:owner/:repo/pulls/:number/files', async (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox);
    const files = paginate(
      c,
      (await pullFiles(repository, pull)).slice(0, sandbox.state.truncation.pullFiles),
    );
    return c.json(files.map((file) => fileChangeJson(sandbox, repository, file, pull.headSha)));
  });
  app.get('/repos/:owner/:repo/pulls/:number/commits', async (c: RouteContext) => {
    const { repository, pull } = requirePull(c, sandbox);
    const all = await pullCommits(repository, pull);
    const commits = paginate(c, all.slice(0, sandbox.state.truncation.pullCommits));
    return c.json(commits.map((commit) => commitJson(sandbox, repository, commit)));
  });
  app.get('/repos/:owner/:repo/commits/:sha/pulls', async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['pull_requests', 'read'] });
    const pulls = paginate(c, await pullsWith(repository, param(c, 'sha')));
    return c.json(pulls.map((pull) => pullSummaryJson(sandbox, repository, pull)));
  });
};

async function createPull(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
): Promise<PullRequest> {
  const body = await bodyOf(c, NewBody);
  const user = actingUser(c);
  const { head } = headOf(sandbox, repository, { head: body.head, headRepo: body.head_repo ?? undefined });
  const mayWrite = [head, repository].some((one) => atLeast(roleOf(sandbox, one, user.login), 'write'));
  if (actingAppId(c) === null && !mayWrite)
    throw new GitHubError(403, 'Must have write access to the head or the base repository.');
  const pull = await openPull(sandbox, repository, {
    title: body.title,
    body: body.body ?? null,
    head: body.head,
    headRepo: body.head_repo ?? undefined,
    base: body.base,
    draft: body.draft ?? false,
    maintainerCanModify: body.maintainer_can_modify ?? false,
    user,
    appId: actingAppId(c),
  });
  await emitPull(sandbox, repository, pull, { action: 'opened', sender: user });
  await requestCodeOwners(sandbox, repository, pull, user);
  return pull;
}

/** Pull requests that a commit belongs to or that a merge made it for. */
async function pullsWith(repository: Repository, sha: string): Promise<PullRequest[]> {
  const found: PullRequest[] = [];
  for (const pull of repository.pulls.values()) {
    const range = { include: pull.headSha, exclude: await baseTip(repository, pull) };
    const commits = await log(repository.gitDir, range);
    if (pull.mergeCommitSha !== null)
      commits.push(...(await log(repository.gitDir, { ...range, include: pull.mergeCommitSha })));
    if (commits.some((commit) => commit.sha === sha)) found.push(pull);
  }
  return found;
}
