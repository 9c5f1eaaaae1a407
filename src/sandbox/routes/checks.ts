import type { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import { emitCompleted, emitRun } from '../check-run-events.ts';
import { applyToRun, CheckRunUpdate, NewCheckRun } from '../check-run-input.ts';
import { suiteOf } from '../check-suites.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { listRefs, resolveRef } from '../git.ts';
import { annotationsJson, checkRunJson, checkSuiteJson } from '../json-check.ts';
import { paginate } from '../paginate.ts';
import { latestCheckRuns } from '../required-checks.ts';
import { actingAppId, bodyOf, notFound, numberParam, param, timestamp } from '../route-input.ts';
import type { CheckRun, Repository, User } from '../state.ts';

/** https://docs.github.com/en/rest/checks */
export const checkRoutes: Routes = (app, sandbox) => {
  const repo = '/repos/:owner/:repo';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['checks', 'read'] });
  app.post(`${repo}/check-runs`, async (c: RouteContext) => {
    const { repository, appId } = requireApp(c, sandbox);
    const run = await create(sandbox, repository, appId, await bodyOf(c, NewCheckRun), actingUser(c));
    return c.json(checkRunJson(sandbox, repository, run), 201);
  });
  app.patch(`${repo}/check-runs/:id`, async (c: RouteContext) => {
    const { repository, appId } = requireApp(c, sandbox);
    const run = requireRun(c, repository);
    if (run.appId !== appId)
      throw new GitHubError(
        403,
        `Invalid app_id \`${appId}\` - check run can only be modified by the GitHub App that created it.`,
      );
    const input = await bodyOf(c, CheckRunUpdate);
    applyToRun(run, input, timestamp(sandbox));
    wroteRun(repository, run);
    if (input.conclusion !== undefined) emitCompleted(sandbox, repository, run, actingUser(c));
    return c.json(checkRunJson(sandbox, repository, run));
  });
  app.get(`${repo}/check-runs/:id`, (c: RouteContext) => {
    const repository = reader(c);
    return c.json(checkRunJson(sandbox, repository, requireRun(c, repository)));
  });
  app.get(`${repo}/check-runs/:id/annotations`, (c: RouteContext) => {
    const repository = reader(c);
    return c.json(paginate(c, annotationsJson(sandbox, repository, requireRun(c, repository))));
  });
  app.post(`${repo}/check-runs/:id/rerequest`, (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['checks', 'write'], role: 'write' });
    const run = requireRun(c, repository);
    const suite = repository.checkSuites.get(run.suiteId);
    if (suite) suite.isReset = true;
    emitRun(sandbox, repository, run, 'rerequested', actingUser(c));
    return c.json({}, 201);
  });
  app.get(`${repo}/commits/:ref{.+}/check-runs`, async (c: RouteContext) => {
    const repository = reader(c);
    const runs = filterRuns(c, repository, await requireCommit(c, repository));
    const page = paginate(c, runs).map((run) => checkRunJson(sandbox, repository, run));
    return c.json({ total_count: runs.length, check_runs: page });
  });
  app.get(`${repo}/commits/:ref{.+}/check-suites`, async (c: RouteContext) => {
    const repository = reader(c);
    const sha = await requireCommit(c, repository);
    const appId = c.req.query('app_id');
    const suites = [...repository.checkSuites.values()]
      .filter((suite) => suite.headSha === sha)
      .filter((suite) => !appId || suite.appId === Number(appId));
    const page = paginate(c, suites).map((suite) => checkSuiteJson(sandbox, repository, suite));
    return c.json({ total_count: suites.length, check_suites: page });
  });
};

/** The commit that `:ref` of the path names; 422 as on GitHub when there is none. */
export async function requireCommit(c: RouteContext, repository: Repository): Promise<string> {
  const ref = param(c, 'ref');
  const sha = await resolveRef(repository.gitDir, ref);
  if (sha === null) throw new GitHubError(422, `No commit found for SHA: ${ref}`);
  return sha;
}

/** Only Apps write check runs. */
function requireApp(c: RouteContext, sandbox: SandboxContext): { repository: Repository; appId: number } {
  const repository = requireRepository(c, sandbox, { permission: ['checks', 'write'] });
  const appId = actingAppId(c);
  if (appId === null) throw new GitHubError(403, 'You must authenticate via a GitHub App.');
  return { repository, appId };
}

function requireRun(c: RouteContext, repository: Repository): CheckRun {
  const run = repository.checkRuns.get(numberParam(c, 'id'));
  if (!run) throw notFound();
  return run;
}

function filterRuns(c: RouteContext, repository: Repository, sha: string): CheckRun[] {
  const { check_name: name, status, filter, app_id: appId } = c.req.query();
  const all = [...repository.checkRuns.values()].filter((run) => run.headSha === sha).reverse();
  return (filter === 'all' ? all : latestCheckRuns(repository, sha))
    .filter((run) => !name || run.name === name)
    .filter((run) => !status || run.status === status)
    .filter((run) => !appId || run.appId === Number(appId));
}

async function create(
  sandbox: SandboxContext,
  repository: Repository,
  appId: number,
  input: z.output<typeof NewCheckRun>,
  sender: User,
): Promise<CheckRun> {
  const headSha = await resolveRef(repository.gitDir, input.head_sha);
  if (headSha === null || headSha !== input.head_sha)
    throw new GitHubError(422, `No commit found for SHA: ${input.head_sha}`);
  const now = timestamp(sandbox);
  const branches = await listRefs(repository.gitDir, 'refs/heads/');
  const headBranch = branches.find((one) => one.sha === headSha)?.ref.slice('refs/heads/'.length) ?? null;
  const run: CheckRun = {
    id: sandbox.nextId(),
    name: input.name,
    headSha,
    appId,
    suiteId: (await suiteOf(sandbox, repository, { appId, headSha, headBranch })).id,
    status: 'queued',
    conclusion: null,
    startedAt: now,
    completedAt: null,
    externalId: '',
    detailsUrl: null,
    output: { title: null, summary: null, text: null, annotations: [] },
    actions: [],
  };
  applyToRun(run, input, now);
  repository.checkRuns.set(run.id, run);
  wroteRun(repository, run);
  emitRun(sandbox, repository, run, 'created', sender);
  if (run.status === 'completed') emitCompleted(sandbox, repository, run, sender);
  return run;
}

/** A suite that was asked for again is answered with the first run that its App writes. */
function wroteRun(repository: Repository, run: CheckRun): void {
  const suite = repository.checkSuites.get(run.suiteId);
  if (suite) suite.isReset = false;
}
