import { z } from 'zod';
import { actingUser, findRepository, requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { notFound } from '../errors.ts';
import { organizationJson, repositoryJson, userJson } from '../json.ts';
import { fullTeamJson, teamJson } from '../json-team.ts';
import { requireOrganization, requireTeam } from '../organization-access.ts';
import { paginate } from '../paginate.ts';
import { PERMISSION_NAMES, permissionName, permissionsOf } from '../role-names.ts';
import { bodyOf, nodeId, param } from '../route-input.ts';
import type { Organization, Repository, Team } from '../state.ts';

const RoleBody = z.object({ role: z.enum(['member', 'maintainer']).default('member') });
const PermissionBody = z.object({ permission: z.string().default('push') });

/** https://docs.github.com/en/rest/teams/teams and https://docs.github.com/en/rest/teams/members */
export const teamRoutes: Routes = (app, sandbox) => {
  const teams = '/orgs/:org/teams';
  app.get(teams, (c: RouteContext) => {
    const organization = requireOrganization(c, sandbox);
    const page = paginate(c, [...organization.teams.values()]);
    return c.json(page.map((team) => teamJson(sandbox, organization, team)));
  });
  app.get(`${teams}/:slug`, (c: RouteContext) => {
    const { organization, team } = requireTeam(c, sandbox);
    return c.json(fullTeamJson(sandbox, organization, team));
  });
  app.get(`${teams}/:slug/members`, (c: RouteContext) => {
    const { team } = requireTeam(c, sandbox);
    return c.json(paginate(c, [...team.members]).map((login) => userJson(sandbox, login)));
  });
  addMembershipRoutes(app, sandbox);
  addRepositoryRoutes(app, sandbox);
};

const addMembershipRoutes: Routes = (app, sandbox) => {
  const path = '/orgs/:org/teams/:slug/memberships/:user';
  app.get(path, (c: RouteContext) => {
    const { organization, team } = requireTeam(c, sandbox);
    const wanted = param(c, 'user').toLowerCase();
    const login = [...team.members].find((name) => name.toLowerCase() === wanted);
    if (login === undefined) throw notFound();
    return c.json(membershipJson(sandbox, organization, team, login));
  });
  app.put(path, async (c: RouteContext) => {
    const { organization, team } = requireTeam(c, sandbox, 'write');
    await bodyOf(c, RoleBody);
    const user = sandbox.state.users.get(param(c, 'user'));
    if (!user) throw notFound();
    // Who is no member yet is invited on GitHub; here they have accepted at once.
    organization.members.add(user.login);
    const isNew = !team.members.has(user.login);
    team.members.add(user.login);
    if (isNew) tellMembership(c, sandbox, organization, team, { login: user.login, action: 'added' });
    return c.json(membershipJson(sandbox, organization, team, user.login));
  });
  app.delete(path, (c: RouteContext) => {
    const { organization, team } = requireTeam(c, sandbox, 'write');
    const login = param(c, 'user');
    if (!team.members.delete(login)) throw notFound();
    tellMembership(c, sandbox, organization, team, { login, action: 'removed' });
    return c.body(null, 204);
  });
};

const addRepositoryRoutes: Routes = (app, sandbox) => {
  const path = '/orgs/:org/teams/:slug/repos';
  const repositoryOf = (c: RouteContext): Repository => {
    const repository = findRepository(sandbox.state, param(c, 'owner'), param(c, 'repo'));
    if (!repository) throw notFound();
    return repository;
  };
  app.get(path, (c: RouteContext) => {
    const { organization, team } = requireTeam(c, sandbox);
    const all = [...sandbox.state.repositories.values()].filter(
      (one) => one.owner === organization.login && one.teams.has(team.slug),
    );
    return c.json(paginate(c, all).map((one) => teamRepositoryJson(sandbox, one, team)));
  });
  app.get(`${path}/:owner/:repo`, (c: RouteContext) => {
    const { team } = requireTeam(c, sandbox);
    const repository = repositoryOf(c);
    if (!repository.teams.has(team.slug)) throw notFound();
    if (!(c.req.header('accept') ?? '').includes('repository+json')) return c.body(null, 204);
    return c.json(teamRepositoryJson(sandbox, repository, team));
  });
  app.put(`${path}/:owner/:repo`, async (c: RouteContext) => {
    const { team } = requireTeam(c, sandbox, 'write');
    const { permission } = await bodyOf(c, PermissionBody);
    repositoryOf(c).teams.set(team.slug, PERMISSION_NAMES[permission] ?? 'write');
    return c.body(null, 204);
  });
  app.delete(`${path}/:owner/:repo`, (c: RouteContext) => {
    const { team } = requireTeam(c, sandbox, 'write');
    repositoryOf(c).teams.delete(team.slug);
    return c.body(null, 204);
  });
  app.get('/repos/:owner/:repo/teams', (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['administration', 'read'] });
    const organization = sandbox.state.organizations.get(repository.owner);
    const all = [...repository.teams].flatMap(([slug, role]) => {
      const team = organization?.teams.get(slug);
      const json = organization && team && teamJson(sandbox, organization, team);
      return json ? [{ ...json, permission: permissionName(role), permissions: permissionsOf(role) }] : [];
    });
    return c.json(paginate(c, all));
  });
};

function teamRepositoryJson(sandbox: SandboxContext, repository: Repository, team: Team) {
  const role = repository.teams.get(team.slug) ?? 'none';
  return {
    ...repositoryJson(sandbox, repository),
    permissions: permissionsOf(role),
    role_name: role,
  };
}

function membershipJson(sandbox: SandboxContext, organization: Organization, team: Team, login: string) {
  const url = `${sandbox.url()}/organizations/${organization.id}/team/${team.id}/memberships/${login}`;
  const isOwner = organization.owners?.has(login) === true;
  return { url, role: isOwner ? 'maintainer' : 'member', state: 'active' };
}

/** Belongs to no repository: every App on the organisation is told. https://docs.github.com/en/webhooks/webhook-events-and-payloads#membership */
function tellMembership(
  c: RouteContext,
  sandbox: SandboxContext,
  organization: Organization,
  team: Team,
  { login, action }: { login: string; action: 'added' | 'removed' },
): void {
  for (const installation of sandbox.state.installations.values()) {
    if (installation.account !== organization.login || installation.suspendedAt !== null) continue;
    const { id } = installation;
    sandbox.tellInstallation(installation, 'membership', {
      action,
      scope: 'team',
      member: userJson(sandbox, login),
      team: teamJson(sandbox, organization, team),
      organization: organizationJson(sandbox, organization.login),
      sender: userJson(sandbox, actingUser(c).login),
      installation: { id, node_id: nodeId('IntegrationInstallation', id) },
    });
  }
}
