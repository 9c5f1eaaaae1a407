import { z } from 'zod';
import { allows, requireRepository, roleOf } from '../access.ts';
import { rulesetsFor } from '../branch-rules.ts';
import { commitJson } from '../commit-json.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { listRefs, readCommit } from '../git.ts';
import { organizationJson, repositoryJson, userJson } from '../json.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, param } from '../route-input.ts';
import { type Actor, type Repository, ROLES, type Role } from '../state.ts';

/** GitHub's older names of the roles, which `permissions` and the collaborators API still use. */
const PERMISSION_NAMES: Record<string, Role> = {
  pull: 'read',
  triage: 'triage',
  push: 'write',
  maintain: 'maintain',
  admin: 'admin',
};

const collaboratorBody = z.object({
  permission: z.enum(['pull', 'triage', 'push', 'maintain', 'admin']).default('push'),
});

/** A repository, its branches and its people. https://docs.github.com/en/rest/repos */
export const repositoryRoutes: Routes = (app, sandbox) => {
  const base = '/repos/:owner/:repo';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['contents', 'read'] });

  app.get(base, (c) => {
    const repository = requireRepository(c, sandbox, { permission: ['metadata', 'read'] });
    return c.json(fullRepositoryJson(sandbox, repository, c.get('actor')));
  });
  app.get(`${base}/branches`, async (c) => {
    const repository = reader(c);
    const refs = await listRefs(repository.gitDir, 'refs/heads/');
    const all = refs.map(({ ref, sha }) =>
      branchJson(sandbox, repository, ref.slice('refs/heads/'.length), sha),
    );
    const wanted = c.req.query('protected');
    const listed = all.filter((item) => wanted === undefined || String(item.protected) === wanted);
    return c.json(paginate(c, listed));
  });
  app.get(`${base}/branches/:branch{.+}`, async (c) => {
    const repository = reader(c);
    const name = param(c, 'branch');
    const refs = await listRefs(repository.gitDir, `refs/heads/${name}`);
    const found = refs.find((entry) => entry.ref === `refs/heads/${name}`);
    if (found === undefined) throw new GitHubError(404, 'Branch not found');
    const commit = commitJson(sandbox, repository, await readCommit(repository.gitDir, found.sha));
    return c.json({ ...branchJson(sandbox, repository, name, found.sha), commit });
  });
  addCollaboratorRoutes(app, sandbox);
};

const addCollaboratorRoutes: Routes = (app, sandbox) => {
  const base = '/repos/:owner/:repo/collaborators';
  const metadata = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['metadata', 'read'], role: 'write' });
  const people = (repository: Repository) =>
    [...sandbox.state.users.values()].filter(
      (user) =>
        user.type === 'User' && user.login !== 'web-flow' && isCollaborator(sandbox, repository, user.login),
    );

  app.get(base, (c) => {
    const repository = metadata(c);
    const list = paginate(c, people(repository));
    return c.json(list.map(({ login }) => collaboratorJson(sandbox, repository, login)));
  });
  app.get(`${base}/:user/permission`, (c) => {
    const repository = metadata(c);
    const login = knownLogin(sandbox, param(c, 'user'));
    if (login === null) throw new GitHubError(404, `${param(c, 'user')} is not a user`);
    const role = roleOf(sandbox, repository, login);
    const user = collaboratorJson(sandbox, repository, login);
    return c.json({ permission: legacyPermission(role), role_name: role, user });
  });
  app.get(`${base}/:user`, (c) => {
    const repository = metadata(c);
    const login = knownLogin(sandbox, param(c, 'user'));
    if (login === null || !isCollaborator(sandbox, repository, login)) throw notFound();
    return c.body(null, 204);
  });
  app.put(`${base}/:user`, async (c) => {
    const repository = requireRepository(c, sandbox, {
      permission: ['administration', 'write'],
      role: 'admin',
    });
    const login = knownLogin(sandbox, param(c, 'user'));
    if (login === null) throw notFound();
    const { permission } = await bodyOf(c, collaboratorBody);
    // GitHub sends an invitation first; here it is accepted at once.
    repository.collaborators.set(login, PERMISSION_NAMES[permission] ?? 'read');
    return c.body(null, 204);
  });
};

function knownLogin(sandbox: SandboxContext, name: string): string | null {
  const users = [...sandbox.state.users.values()];
  return users.find((user) => user.login.toLowerCase() === name.toLowerCase())?.login ?? null;
}

/** Whether somebody has a role that not everyone has. */
function isCollaborator(sandbox: SandboxContext, repository: Repository, login: string): boolean {
  return roleOf(sandbox, { ...repository, private: true }, login) !== 'none';
}

function legacyPermission(role: Role): string {
  if (role === 'maintain') return 'write';
  return role === 'triage' ? 'read' : role;
}

function permissionsOf(role: Role): Record<string, boolean> {
  const reached = ROLES.indexOf(role);
  const entries = Object.entries(PERMISSION_NAMES).map(([name, least]) => [
    name,
    ROLES.indexOf(least) <= reached,
  ]);
  return Object.fromEntries(entries) as Record<string, boolean>;
}

function collaboratorJson(sandbox: SandboxContext, repository: Repository, login: string) {
  const role = roleOf(sandbox, repository, login);
  return { ...userJson(sandbox, login), permissions: permissionsOf(role), role_name: role };
}

function actorRole(sandbox: SandboxContext, repository: Repository, actor: Actor): Role {
  if (actor.kind === 'user') return roleOf(sandbox, repository, actor.user.login);
  const writes = actor.kind === 'installation' && allows(actor.permissions, 'contents', 'write');
  return writes ? 'write' : 'read';
}

function fullRepositoryJson(sandbox: SandboxContext, repository: Repository, actor: Actor) {
  const known = actor.kind === 'user' || actor.kind === 'installation';
  const inOrganization = sandbox.state.organizations.has(repository.owner);
  const parent = repository.forkOf === null ? undefined : sandbox.state.repositories.get(repository.forkOf);
  return {
    ...repositoryJson(sandbox, repository),
    ...(known ? { permissions: permissionsOf(actorRole(sandbox, repository, actor)) } : {}),
    ...(inOrganization ? { organization: organizationJson(sandbox, repository.owner) } : {}),
    ...(parent === undefined ? {} : { parent: repositoryJson(sandbox, parent) }),
    allow_merge_commit: repository.allowMergeCommit,
    allow_squash_merge: repository.allowSquashMerge,
    allow_rebase_merge: repository.allowRebaseMerge,
    allow_auto_merge: false,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
  };
}

function branchJson(sandbox: SandboxContext, repository: Repository, name: string, sha: string) {
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const isProtected = repository.protections.has(name) || rulesetsFor(repository, name).length > 0;
  const protectionUrl = `${api}/branches/${name}/protection`;
  return {
    name,
    commit: { sha, url: `${api}/commits/${sha}` },
    protected: isProtected,
    protection_url: protectionUrl,
  };
}
