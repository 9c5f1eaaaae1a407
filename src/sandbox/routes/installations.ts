import { actingUser, roleAtLeast, roleOf } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError, notFound } from '../errors.ts';
import { selectRepositories, setSuspended, uninstall } from '../installations.ts';
import { numberParam } from '../route-input.ts';
import type { Installation, Repository } from '../state.ts';
import { requireApp } from './app.ts';

/** What changes an installation. https://docs.github.com/en/rest/apps/apps and https://docs.github.com/en/rest/apps/installations */
export const installationRoutes: Routes = (app, sandbox) => {
  const own = (c: RouteContext): Installation => {
    const { id } = requireApp(c);
    const installation = sandbox.state.installations.get(numberParam(c, 'id'));
    if (installation?.appId !== id) throw notFound();
    return installation;
  };
  app.put('/app/installations/:id/suspended', (c: RouteContext) => {
    setSuspended(sandbox, own(c), true);
    return c.body(null, 204);
  });
  app.delete('/app/installations/:id/suspended', (c: RouteContext) => {
    setSuspended(sandbox, own(c), false);
    return c.body(null, 204);
  });
  app.delete('/app/installations/:id', (c: RouteContext) => {
    uninstall(sandbox, own(c));
    return c.body(null, 204);
  });
  app.delete('/installation/token', (c: RouteContext) => {
    if (c.get('actor').kind !== 'installation') throw new GitHubError(401, 'Requires authentication');
    const [, token = ''] = (c.req.header('authorization') ?? '').split(' ');
    sandbox.state.installationTokens.delete(token);
    return c.body(null, 204);
  });
  const selection = '/user/installations/:id/repositories/:repository';
  app.put(selection, (c: RouteContext) => {
    const { installation, repository, ids, login } = selectable(c, sandbox);
    if (!ids.includes(repository.id))
      selectRepositories(sandbox, installation, [...ids, repository.id], login);
    return c.body(null, 204);
  });
  app.delete(selection, (c: RouteContext) => {
    const { installation, repository, ids, login } = selectable(c, sandbox);
    if (!ids.includes(repository.id)) throw notFound();
    if (ids.length === 1) throw new GitHubError(422, 'The last repository cannot be removed.');
    selectRepositories(
      sandbox,
      installation,
      ids.filter((id) => id !== repository.id),
      login,
    );
    return c.body(null, 204);
  });
};

/** An installation on selected repositories, and one that its administrator may add to them or take away. */
function selectable(
  c: RouteContext,
  sandbox: SandboxContext,
): { installation: Installation; repository: Repository; ids: number[]; login: string } {
  const { login } = actingUser(c);
  const installation = sandbox.state.installations.get(numberParam(c, 'id'));
  const repositoryId = numberParam(c, 'repository');
  const repository = [...sandbox.state.repositories.values()].find((one) => one.id === repositoryId);
  if (!installation || repository?.owner !== installation.account) throw notFound();
  if (!roleAtLeast(roleOf(sandbox, repository, login), 'admin'))
    throw new GitHubError(403, 'Must have admin rights to Repository.');
  const { repositoryIds } = installation;
  if (repositoryIds === undefined)
    throw new GitHubError(422, 'The installation is on all repositories of the account.');
  return { installation, repository, ids: repositoryIds, login };
}
