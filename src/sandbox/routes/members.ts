import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { notFound } from '../errors.ts';
import { organizationJson, userJson } from '../json.ts';
import { hasLogin, requireOrganization } from '../organization-access.ts';
import { paginate } from '../paginate.ts';
import { param } from '../route-input.ts';
import type { Organization } from '../state.ts';

/** https://docs.github.com/en/rest/orgs/members */
export const memberRoutes: Routes = (app, sandbox) => {
  app.get('/orgs/:org/members', (c: RouteContext) => {
    const organization = requireOrganization(c, sandbox);
    const { role = 'all' } = c.req.query();
    const logins = [...organization.members].filter(
      (login) => role === 'all' || (role === 'admin') === isOwner(organization, login),
    );
    return c.json(paginate(c, logins).map((login) => userJson(sandbox, login)));
  });
  app.get('/orgs/:org/members/:user', (c: RouteContext) => {
    const organization = requireOrganization(c, sandbox);
    if (!hasLogin(organization.members, param(c, 'user'))) throw notFound();
    return c.body(null, 204);
  });
  app.get('/orgs/:org/memberships/:user', (c: RouteContext) => {
    const organization = requireOrganization(c, sandbox);
    const login = param(c, 'user');
    if (!hasLogin(organization.members, login)) throw notFound();
    return c.json(membershipJson(sandbox, organization, login));
  });
};

function isOwner(organization: Organization, login: string): boolean {
  return hasLogin(organization.owners ?? [], login);
}

function membershipJson(sandbox: SandboxContext, organization: Organization, login: string) {
  const url = `${sandbox.url()}/orgs/${organization.login}`;
  return {
    url: `${url}/memberships/${login}`,
    state: 'active',
    role: isOwner(organization, login) ? 'admin' : 'member',
    organization_url: url,
    organization: organizationJson(sandbox, organization.login),
    user: userJson(sandbox, login),
  };
}
