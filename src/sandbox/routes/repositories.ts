import { allows, requireRepository, roleOf } from '../access.ts';
import type { Routes, SandboxContext } from '../context.ts';
import { repositoryJson, userJson } from '../json.ts';
import { mergeMessagesJson } from '../merge-message.ts';
import { permissionsOf } from '../role-names.ts';
import type { Actor, Repository, Role } from '../state.ts';

/** A repository itself. https://docs.github.com/en/rest/repos */
export const repositoryRoutes: Routes = (app, sandbox) => {
  const base = '/repos/:owner/:repo';
  app.get(base, (c) => {
    const repository = requireRepository(c, sandbox, { permission: ['metadata', 'read'] });
    return c.json(fullRepositoryJson(sandbox, repository, c.get('actor')));
  });
};

function actorRole(sandbox: SandboxContext, repository: Repository, actor: Actor): Role {
  if (actor.kind === 'user') return roleOf(sandbox, repository, actor.user.login);
  const writes = actor.kind === 'installation' && allows(actor.permissions, 'contents', 'write');
  return writes ? 'write' : 'read';
}

/** A repository as it is asked for by its name. */
export function fullRepositoryJson(sandbox: SandboxContext, repository: Repository, actor: Actor) {
  const known = actor.kind === 'user' || actor.kind === 'installation';
  const inOrganization = sandbox.state.organizations.has(repository.owner);
  const parent = repository.forkOf === null ? undefined : sandbox.state.repositories.get(repository.forkOf);
  return {
    ...repositoryJson(sandbox, repository),
    ...(known ? { permissions: permissionsOf(actorRole(sandbox, repository, actor)) } : {}),
    ...(inOrganization ? { organization: userJson(sandbox, repository.owner) } : {}),
    ...(parent === undefined
      ? {}
      : { parent: repositoryJson(sandbox, parent), source: repositoryJson(sandbox, parent) }),
    network_count: Number(repositoryJson(sandbox, parent ?? repository).forks),
    subscribers_count: 0,
    allow_merge_commit: repository.allowMergeCommit,
    allow_squash_merge: repository.allowSquashMerge,
    allow_rebase_merge: repository.allowRebaseMerge,
    allow_auto_merge: repository.allowAutoMerge === true,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    ...mergeMessagesJson(repository),
  };
}
