import { z } from 'zod';
import { actingUser, requireRepository, roleAtLeast, roleOf } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { assignableLogins, setAssignees } from '../issue-assignees.ts';
import { userJson } from '../json.ts';
import { paginate } from '../paginate.ts';
import { legacyPermission, PERMISSION_NAMES, permissionsOf } from '../role-names.ts';
import { bodyOf, param, validationFailed } from '../route-input.ts';
import type { Repository, Role, User } from '../state.ts';

const Body = z.object({
  permission: z.enum(['pull', 'triage', 'push', 'maintain', 'admin']).default('push'),
});

/** https://docs.github.com/en/rest/collaborators/collaborators */
export const collaboratorRoutes: Routes = (app, sandbox) => {
  const base = '/repos/:owner/:repo/collaborators';
  const metadata = (c: RouteContext) =>
    requireRepository(c, sandbox, { permission: ['metadata', 'read'], role: 'write' });
  app.get(base, (c: RouteContext) => {
    const repository = metadata(c);
    const list = paginate(c, listCollaborators(c, sandbox, repository));
    return c.json(list.map((login) => collaboratorJson(sandbox, repository, login)));
  });
  app.get(`${base}/:user/permission`, (c: RouteContext) => {
    const repository = metadata(c);
    const login = knownLogin(sandbox, param(c, 'user'));
    if (login === null) throw new GitHubError(404, `${param(c, 'user')} is not a user`);
    const role = roleOf(sandbox, repository, login);
    const user = collaboratorJson(sandbox, repository, login);
    return c.json({ permission: legacyPermission(role), role_name: role, user });
  });
  app.get(`${base}/:user`, (c: RouteContext) => {
    const repository = metadata(c);
    const login = knownLogin(sandbox, param(c, 'user'));
    if (login === null || !assignableLogins(sandbox, repository).includes(login)) throw notFound();
    return c.body(null, 204);
  });
  app.put(`${base}/:user`, async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, {
      permission: ['administration', 'write'],
      role: 'admin',
    });
    const login = knownLogin(sandbox, param(c, 'user'));
    if (login === null) throw notFound();
    const { permission } = await bodyOf(c, Body);
    // GitHub sends an invitation first; here it is accepted at once.
    setCollaborator(sandbox, repository, login, PERMISSION_NAMES[permission] ?? 'read', actingUser(c));
    return c.body(null, 204);
  });
  app.delete(`${base}/:user`, async (c: RouteContext) => {
    const login = knownLogin(sandbox, param(c, 'user'));
    const actor = c.get('actor');
    const leaves = actor.kind === 'user' && actor.user.login === login;
    const role = leaves ? 'read' : 'admin';
    const repository = requireRepository(c, sandbox, { permission: ['administration', 'write'], role });
    if (login === repository.owner)
      throw validationFailed({ resource: 'Repository', field: 'collaborator', code: 'invalid' });
    if (login !== null && repository.collaborators.delete(login))
      await forget(sandbox, repository, login, actingUser(c));
    return c.body(null, 204);
  });
};

/** `direct` are those of the list, `outside` those of it who are no members, `all` everyone with a role. */
function listCollaborators(c: RouteContext, sandbox: SandboxContext, repository: Repository): string[] {
  const { affiliation = 'all', permission } = c.req.query();
  const members = sandbox.state.organizations.get(repository.owner)?.members ?? new Set<string>();
  const least: Role = PERMISSION_NAMES[permission ?? 'pull'] ?? 'read';
  return assignableLogins(sandbox, repository)
    .filter((login) => affiliation === 'all' || repository.collaborators.has(login))
    .filter((login) => affiliation !== 'outside' || !members.has(login))
    .filter((login) => roleAtLeast(roleOf(sandbox, repository, login), least));
}

function setCollaborator(
  sandbox: SandboxContext,
  repository: Repository,
  login: string,
  role: Role,
  sender: User,
): void {
  const before = repository.collaborators.get(login);
  if (before === role) return;
  repository.collaborators.set(login, role);
  const from = before === undefined ? {} : { from: legacyPermission(before) };
  const changes = { permission: { ...from, to: legacyPermission(role) } };
  const payload = { member: userJson(sandbox, login), changes };
  const action = before === undefined ? 'added' : 'edited';
  sandbox.emit('member', { repository, sender, action, payload });
}

/** Who is gone is assigned nothing any more. */
async function forget(
  sandbox: SandboxContext,
  repository: Repository,
  login: string,
  sender: User,
): Promise<void> {
  const payload = { member: userJson(sandbox, login) };
  sandbox.emit('member', { repository, sender, action: 'removed', payload });
  if (assignableLogins(sandbox, repository).includes(login)) return;
  for (const issue of repository.issues.values()) {
    if (!issue.assignees.includes(login)) continue;
    const rest = issue.assignees.filter((one) => one !== login);
    await setAssignees(sandbox, repository, issue, rest, sender);
  }
}

function knownLogin(sandbox: SandboxContext, name: string): string | null {
  const users = [...sandbox.state.users.values()];
  return users.find((user) => user.login.toLowerCase() === name.toLowerCase())?.login ?? null;
}

function collaboratorJson(sandbox: SandboxContext, repository: Repository, login: string) {
  const role = roleOf(sandbox, repository, login);
  return { ...userJson(sandbox, login), permissions: permissionsOf(role), role_name: role };
}
