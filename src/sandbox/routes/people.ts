import { actingUser, allows, inaccessible } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { nodeId, userJson } from '../json.ts';
import { paginate } from '../paginate.ts';
import { param } from '../route-input.ts';
import type { Organization, Team } from '../state.ts';

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Users, and the teams of organisations. https://docs.github.com/en/rest/teams */
export const peopleRoutes: Routes = (app, sandbox) => {
  app.get('/user', (c) => {
    if (c.get('actor').kind === 'installation') throw inaccessible();
    const { login } = actingUser(c);
    return c.json({ ...userJson(sandbox, login), name: login });
  });
  app.get('/users/:user', (c) => {
    const wanted = param(c, 'user');
    const logins = [...sandbox.state.users.keys(), ...sandbox.state.organizations.keys()];
    const login = logins.find((name) => same(name, wanted));
    if (login === undefined) throw notFound();
    return c.json({ ...userJson(sandbox, login), name: login });
  });
  app.get('/orgs/:org/teams/:slug', (c) => {
    const { organization, team } = requireTeam(c, sandbox);
    return c.json(teamJson(sandbox, organization, team));
  });
  app.get('/orgs/:org/teams/:slug/members', (c) => {
    const { team } = requireTeam(c, sandbox);
    return c.json(paginate(c, [...team.members]).map((login) => userJson(sandbox, login)));
  });
  app.get('/orgs/:org/teams/:slug/memberships/:user', (c) => {
    const { organization, team } = requireTeam(c, sandbox);
    const login = [...team.members].find((name) => same(name, param(c, 'user')));
    if (login === undefined) throw notFound();
    const url = `${sandbox.url()}/organizations/${organization.id}/team/${team.id}/memberships/${login}`;
    return c.json({ url, role: 'member', state: 'active' });
  });
};

function requireTeam(c: RouteContext, sandbox: SandboxContext): { organization: Organization; team: Team } {
  const wanted = param(c, 'org');
  const organization = [...sandbox.state.organizations.values()].find((item) => same(item.login, wanted));
  if (organization === undefined) throw notFound();
  authorizeMember(c, organization);
  const team = organization.teams.get(param(c, 'slug').toLowerCase());
  if (team === undefined) throw notFound();
  return { organization, team };
}

/** Teams are for members of the organisation, and for Apps on it that may read members. */
function authorizeMember(c: RouteContext, organization: Organization): void {
  const actor = c.get('actor');
  if (actor.kind === 'anonymous') throw new GitHubError(401, 'Requires authentication');
  if (actor.kind === 'app') throw inaccessible();
  if (actor.kind === 'user') {
    if (![...organization.members].some((name) => same(name, actor.user.login))) throw notFound();
    return;
  }
  if (!same(actor.installation.account, organization.login)) throw notFound();
  if (!allows(actor.permissions, 'members', 'read')) throw inaccessible();
}

function teamJson(sandbox: SandboxContext, organization: Organization, team: Team) {
  const api = `${sandbox.url()}/orgs/${organization.login}/teams/${team.slug}`;
  return {
    id: team.id,
    node_id: nodeId('Team', team.id),
    slug: team.slug,
    name: team.name,
    description: null,
    privacy: 'closed',
    permission: 'pull',
    url: api,
    html_url: `${sandbox.url()}/orgs/${organization.login}/teams/${team.slug}`,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    members_count: team.members.size,
    parent: null,
  };
}
