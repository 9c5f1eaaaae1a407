import { requireRepository } from '../access.ts';
import type { RouteContext, Routes } from '../context.ts';
import { GitHubError } from '../errors.ts';

/**
 * Where there is no commit yet, there is no git data to give or to take; a push or a file over the contents API
 * makes the first one. https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-your-git-database
 */
export const emptyRepositoryRoutes: Routes = (app, sandbox) => {
  const refuse = async (c: RouteContext, next: () => Promise<void>) => {
    const repository = requireRepository(c, sandbox, { permission: ['contents', 'read'] });
    if (repository.isEmpty) throw new GitHubError(409, 'Git Repository is empty.');
    await next();
  };
  app.use('/repos/:owner/:repo/git/*', refuse);
  app.on(
    'GET',
    ['/repos/:owner/:repo/commits', '/repos/:owner/:repo/commits/:ref{.+}', '/repos/:owner/:repo/compare/*'],
    refuse,
  );
};
