import { z } from 'zod';
import { allows, covers, findRepository, isInstalledOn } from '../access.ts';
import { secret } from '../accounts.ts';
import { callerName } from '../auth.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { appJson, installationJson, repositoryJson, withMetadata } from '../json.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, numberParam, param } from '../route-input.ts';
import type { App, Installation, Permissions, Repository, State } from '../state.ts';

/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app */
const TOKEN_LIFE_MS = 60 * 60 * 1000;

const tokenBody = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
});

/** What an App does as itself, and what its installation may see. https://docs.github.com/en/rest/apps */
export const appRoutes: Routes = (app, sandbox) => {
  const { state } = sandbox;
  const answer = (installation: Installation | undefined) => {
    if (installation === undefined) throw notFound();
    return installationJson(sandbox, installation);
  };
  const own = (c: RouteContext) => {
    const { id } = requireApp(c);
    return [...state.installations.values()].filter((item) => item.appId === id);
  };
  const installedOn = (c: RouteContext, account: string) =>
    answer(own(c).find((item) => item.account.toLowerCase() === account.toLowerCase()));

  app.get('/app', (c) => c.json(appJson(sandbox, requireApp(c))));
  app.get('/app/installations', (c) => c.json(paginate(c, own(c)).map(answer)));
  app.get('/app/installations/:id', (c) =>
    c.json(answer(own(c).find((item) => item.id === numberParam(c, 'id')))),
  );
  app.post('/app/installations/:id/access_tokens', async (c) => {
    const installation = own(c).find((item) => item.id === numberParam(c, 'id'));
    if (installation === undefined) throw notFound();
    return c.json(grantToken(sandbox, installation, await bodyOf(c, tokenBody)), 201);
  });
  app.get('/repos/:owner/:repo/installation', (c) => {
    requireApp(c);
    const repository = findRepository(state, param(c, 'owner'), param(c, 'repo'));
    if (repository === undefined) throw notFound();
    return c.json(answer(own(c).find((item) => isInstalledOn(item, repository))));
  });
  app.get('/orgs/:org/installation', (c) => c.json(installedOn(c, param(c, 'org'))));
  app.get('/users/:user/installation', (c) => c.json(installedOn(c, param(c, 'user'))));
  app.get('/installation/repositories', (c) => {
    const actor = c.get('actor');
    if (actor.kind !== 'installation')
      throw new GitHubError(
        403,
        'You must authenticate with an installation access token in order to list repositories for an installation.',
      );
    const visible = [...state.repositories.values()].filter((repository) => covers(actor, repository));
    const repositories = paginate(c, visible).map((repository) => repositoryJson(sandbox, repository));
    const selection = actor.installation.repositoryIds ?? actor.repositoryIds;
    const repository_selection = selection === undefined ? 'all' : 'selected';
    return c.json({ total_count: visible.length, repository_selection, repositories });
  });
  addServiceRoutes(app, sandbox);
};

const addServiceRoutes: Routes = (app, sandbox) => {
  app.get('/rate_limit', (c) => {
    const actor = c.get('actor');
    const caller = callerName(actor);
    const core = sandbox.primary.read(caller, 'core');
    const graphql = sandbox.primary.read(caller, 'graphql');
    const search = { limit: 30, used: 0, remaining: 30, reset: Math.ceil(sandbox.now() / 1000) + 60 };
    return c.json({ resources: { core, search, graphql }, rate: core });
  });
  app.get('/meta', (c) => c.json({ verifiable_password_authentication: false, hooks: ['127.0.0.1/32'] }));
};

/** The App that makes the request, by its own key. @throws GitHubError 401 when it is none. */
export function requireApp(c: RouteContext): App {
  const actor = c.get('actor');
  if (actor.kind !== 'app') throw new GitHubError(401, 'A JSON web token could not be decoded');
  return actor.app;
}

function grantToken(sandbox: SandboxContext, installation: Installation, wish: z.infer<typeof tokenBody>) {
  if (installation.suspendedAt !== null) throw new GitHubError(403, 'This installation has been suspended');
  const permissions = grantedPermissions(installation, wish.permissions);
  const repositories = grantedRepositories(sandbox.state, installation, wish);
  const token = secret('ghs');
  const expiresAt = sandbox.now() + TOKEN_LIFE_MS;
  const repositoryIds = repositories?.map((repository) => repository.id);
  const granted = { token, installationId: installation.id, permissions, expiresAt, repositoryIds };
  sandbox.state.installationTokens.set(token, granted);
  return {
    token,
    expires_at: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    permissions: withMetadata(permissions),
    repository_selection: (repositories ?? installation.repositoryIds) === undefined ? 'all' : 'selected',
    ...(repositories && { repositories: repositories.map((item) => repositoryJson(sandbox, item)) }),
  };
}

function grantedPermissions(installation: Installation, wish: Permissions | undefined): Permissions {
  const all = Object.entries(wish ?? installation.permissions);
  if (all.every(([name, access]) => allows(installation.permissions, name, access)))
    return Object.fromEntries(all);
  throw new GitHubError(422, 'The permissions requested are not granted to this installation.');
}

function grantedRepositories(
  state: State,
  installation: Installation,
  wish: z.infer<typeof tokenBody>,
): Repository[] | undefined {
  if (wish.repositories === undefined && wish.repository_ids === undefined) return undefined;
  const byName = (wish.repositories ?? []).map((name) => findRepository(state, installation.account, name));
  const byId = (wish.repository_ids ?? []).map((id) =>
    [...state.repositories.values()].find((item) => item.id === id && item.owner === installation.account),
  );
  const found = [...byName, ...byId]
    .filter((item) => item !== undefined)
    .filter((item) => isInstalledOn(installation, item));
  if (found.length === byName.length + byId.length) return found;
  throw new GitHubError(
    422,
    'There is at least one repository that does not exist or is not accessible to the parent installation.',
  );
}
