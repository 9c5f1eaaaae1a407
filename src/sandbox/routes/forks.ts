import { z } from 'zod';
import { inaccessible, requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { forkRepository } from '../fork-repository.ts';
import { repositoryJson } from '../json.ts';
import { hasLogin } from '../organization-access.ts';
import { paginate } from '../paginate.ts';
import { bodyOf, validationFailed } from '../route-input.ts';
import { fullRepositoryJson } from './repositories.ts';

const Body = z.object({
  organization: z.string().optional(),
  name: z.string().min(1).optional(),
  default_branch_only: z.boolean().default(false),
});

/** https://docs.github.com/en/rest/repos/forks */
export const forkRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/forks';
  app.get(path, (c: RouteContext) => {
    const source = requireRepository(c, sandbox, { permission: ['metadata', 'read'] });
    const forks = [...sandbox.state.repositories.values()].filter((one) => one.forkOf === source.fullName);
    const sorted = c.req.query('sort') === 'oldest' ? forks : forks.reverse();
    return c.json(paginate(c, sorted).map((one) => repositoryJson(sandbox, one)));
  });
  app.post(path, async (c: RouteContext) => {
    const source = requireRepository(c, sandbox, { permission: ['contents', 'read'] });
    const body = await bodyOf(c, Body);
    const actor = c.get('actor');
    if (actor.kind === 'anonymous') throw new GitHubError(401, 'Requires authentication');
    // An App would have to be installed on both accounts with administration; here only people fork.
    if (actor.kind !== 'user') throw inaccessible();
    const { user } = actor;
    const owner =
      body.organization === undefined ? user.login : memberOf(sandbox, body.organization, user.login);
    if (owner === source.owner)
      throw validationFailed({
        resource: 'Fork',
        code: 'custom',
        message: 'A repository cannot be forked to its owner',
      });
    const wish = { owner, name: body.name, defaultBranchOnly: body.default_branch_only, user };
    const { fork, isNew } = await forkRepository(sandbox, source, wish);
    const payload = { forkee: repositoryJson(sandbox, fork) };
    if (isNew) sandbox.emit('fork', { repository: source, sender: user, payload });
    return c.json(fullRepositoryJson(sandbox, fork, actor), 202);
  });
};

function memberOf(sandbox: SandboxContext, organization: string, login: string): string {
  const found = sandbox.state.organizations.get(organization);
  if (found && hasLogin(found.members, login)) return found.login;
  throw new GitHubError(403, 'You must be a member of the organization to fork a repository into it.');
}
