import { allows, inaccessible } from './access.ts';
import type { RouteContext, SandboxContext } from './context.ts';
import { GitHubError, notFound } from './errors.ts';
import { param } from './route-input.ts';
import type { Organization, Team } from './state.ts';

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** What an organisation is asked for: Apps need the permission on members, people must be members, or owners to write. */
export function requireOrganization(
  c: RouteContext,
  sandbox: SandboxContext,
  access: 'read' | 'write' = 'read',
): Organization {
  const wanted = param(c, 'org');
  const organization = [...sandbox.state.organizations.values()].find((item) => same(item.login, wanted));
  if (organization === undefined) throw notFound();
  authorizeMember(c, organization, access);
  return organization;
}

/** The team of the path (`:org`, `:slug`). */
export function requireTeam(
  c: RouteContext,
  sandbox: SandboxContext,
  access: 'read' | 'write' = 'read',
): { organization: Organization; team: Team } {
  const organization = requireOrganization(c, sandbox, access);
  const team = organization.teams.get(param(c, 'slug').toLowerCase());
  if (team === undefined) throw notFound();
  return { organization, team };
}

function authorizeMember(c: RouteContext, organization: Organization, access: 'read' | 'write'): void {
  const actor = c.get('actor');
  if (actor.kind === 'anonymous') throw new GitHubError(401, 'Requires authentication');
  if (actor.kind === 'app') throw inaccessible();
  if (actor.kind === 'user') {
    if (!hasLogin(organization.members, actor.user.login)) throw notFound();
    if (access === 'write' && !hasLogin(organization.owners ?? [], actor.user.login))
      throw new GitHubError(403, 'Must have admin rights to Organization.');
    return;
  }
  if (!same(actor.installation.account, organization.login)) throw notFound();
  if (!allows(actor.permissions, 'members', access)) throw inaccessible();
}

/** Whether a login is in a list; case does not matter. */
export function hasLogin(logins: Iterable<string>, login: string): boolean {
  return [...logins].some((name) => same(name, login));
}
