import { z } from 'zod';
import { actingUser, requireRepository } from '../access.ts';
import { emitSuite, rerequestSuite, suiteOf } from '../check-suites.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { listRefs, resolveRef } from '../git.ts';
import { checkRunJson, checkSuiteJson } from '../json-check.ts';
import { paginate } from '../paginate.ts';
import { latestCheckRuns } from '../required-checks.ts';
import { actingAppId, bodyOf, notFound, numberParam } from '../route-input.ts';
import type { CheckRun, CheckSuite, Repository } from '../state.ts';

const Body = z.object({ head_sha: z.string().min(1) });

/** https://docs.github.com/en/rest/checks/suites */
export const checkSuiteRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/check-suites';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['checks', 'read'] });
  const writer = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['checks', 'write'], role: 'write' });
  app.post(path, async (c: RouteContext) => {
    const repository = writer(c);
    const { suite, isNew } = await createSuite(c, sandbox, repository);
    if (isNew) emitSuite(sandbox, repository, suite, 'requested', actingUser(c));
    return c.json(checkSuiteJson(sandbox, repository, suite), isNew ? 201 : 200);
  });
  app.get(`${path}/:id`, (c: RouteContext) => {
    const repository = reader(c);
    return c.json(checkSuiteJson(sandbox, repository, requireSuite(c, repository)));
  });
  app.get(`${path}/:id/check-runs`, (c: RouteContext) => {
    const repository = reader(c);
    const runs = runsOf(c, repository, requireSuite(c, repository));
    const page = paginate(c, runs).map((run) => checkRunJson(sandbox, repository, run));
    return c.json({ total_count: runs.length, check_runs: page });
  });
  app.post(`${path}/:id/rerequest`, (c: RouteContext) => {
    const repository = writer(c);
    rerequestSuite(sandbox, repository, requireSuite(c, repository), actingUser(c));
    return c.json({}, 201);
  });
};

function requireSuite(c: RouteContext, repository: Repository): CheckSuite {
  const suite = repository.checkSuites.get(numberParam(c, 'id'));
  if (!suite) throw notFound();
  return suite;
}

async function createSuite(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
): Promise<{ suite: CheckSuite; isNew: boolean }> {
  const appId = actingAppId(c);
  if (appId === null) throw new GitHubError(403, 'You must authenticate via a GitHub App.');
  const { head_sha: headSha } = await bodyOf(c, Body);
  if ((await resolveRef(repository.gitDir, headSha)) !== headSha)
    throw new GitHubError(422, `No commit found for SHA: ${headSha}`);
  const branches = await listRefs(repository.gitDir, 'refs/heads/');
  const headBranch = branches.find((one) => one.sha === headSha)?.ref.slice('refs/heads/'.length) ?? null;
  const before = repository.checkSuites.size;
  const suite = await suiteOf(sandbox, repository, { appId, headSha, headBranch });
  return { suite, isNew: repository.checkSuites.size > before };
}

function runsOf(c: RouteContext, repository: Repository, suite: CheckSuite): CheckRun[] {
  const { check_name: name, status, filter } = c.req.query();
  const all = [...repository.checkRuns.values()].filter((run) => run.headSha === suite.headSha).reverse();
  return (filter === 'all' ? all : latestCheckRuns(repository, suite.headSha))
    .filter((run) => run.suiteId === suite.id)
    .filter((run) => !name || run.name === name)
    .filter((run) => !status || run.status === status);
}
