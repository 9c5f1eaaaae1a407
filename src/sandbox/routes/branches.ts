import { requireRepository } from '../access.ts';
import { rulesetsFor } from '../branch-rules.ts';
import { commitJson } from '../commit-json.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { listRefs, readCommit } from '../git.ts';
import { paginate } from '../paginate.ts';
import { param } from '../route-input.ts';
import type { Repository } from '../state.ts';

const BRANCHES = 'refs/heads/';

/** https://docs.github.com/en/rest/branches/branches */
export const branchRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/branches';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['contents', 'read'] });
  app.get(path, async (c) => {
    const repository = reader(c);
    const refs = await listRefs(repository.gitDir, BRANCHES);
    const all = refs.map(({ ref, sha }) => branchJson(sandbox, repository, ref.slice(BRANCHES.length), sha));
    const wanted = c.req.query('protected');
    const listed = all.filter((item) => wanted === undefined || String(item.protected) === wanted);
    return c.json(paginate(c, listed));
  });
  app.get(`${path}/:branch{.+}`, async (c) => {
    const repository = reader(c);
    const name = param(c, 'branch');
    const refs = await listRefs(repository.gitDir, BRANCHES + name);
    const found = refs.find((entry) => entry.ref === BRANCHES + name);
    if (found === undefined) throw new GitHubError(404, 'Branch not found');
    const commit = commitJson(sandbox, repository, await readCommit(repository.gitDir, found.sha));
    const json = branchJson(sandbox, repository, name, found.sha);
    const html = `${sandbox.url()}/${repository.fullName}/tree/${name}`;
    const self = `${sandbox.url()}/repos/${repository.fullName}/branches/${name}`;
    return c.json({ ...json, commit, _links: { self, html } });
  });
};

/** A branch as lists have it. What a ruleset asks counts as protection, but only classic checks are spelt out. */
function branchJson(sandbox: SandboxContext, repository: Repository, name: string, sha: string) {
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const classic = repository.protections.get(name);
  const checks = classic?.requiredStatusChecks?.checks ?? [];
  const level = classic?.enforceAdmins ? 'everyone' : 'non_admins';
  return {
    name,
    commit: { sha, url: `${api}/commits/${sha}` },
    protected: classic !== undefined || rulesetsFor(sandbox, repository, name).length > 0,
    protection: {
      enabled: classic !== undefined,
      required_status_checks: {
        enforcement_level: classic?.requiredStatusChecks ? level : 'off',
        contexts: checks.map((check) => check.context),
        checks: checks.map((check) => ({ context: check.context, app_id: check.appId })),
      },
    },
    protection_url: `${api}/branches/${name}/protection`,
  };
}
