import type { SandboxContext } from './context.ts';
import { installationJson, repositoryJson, userJson } from './json.ts';
import { timestamp } from './route-input.ts';
import type { Installation, Repository } from './state.ts';

/** Repositories of the account that an installation may touch. */
export function repositoriesOf(sandbox: SandboxContext, installation: Installation): Repository[] {
  return [...sandbox.state.repositories.values()]
    .filter((one) => one.owner.toLowerCase() === installation.account.toLowerCase())
    .filter((one) => installation.repositoryIds?.includes(one.id) ?? true);
}

/** A repository as the events of an installation name it. */
function shortRepositoryJson(sandbox: SandboxContext, repository: Repository): Record<string, unknown> {
  const { id, node_id, name, full_name, private: isPrivate } = repositoryJson(sandbox, repository);
  return { id, node_id, name, full_name, private: isPrivate };
}

/** Tells an App of its installation: `created`, `deleted`, `suspend`, `unsuspend`. */
export function tellOfInstallation(
  sandbox: SandboxContext,
  installation: Installation,
  action: 'created' | 'deleted' | 'suspend' | 'unsuspend',
  sender: string = installation.account,
): void {
  const repositories = repositoriesOf(sandbox, installation);
  sandbox.tellInstallation(installation, 'installation', {
    action,
    installation: installationJson(sandbox, installation),
    repositories: repositories.map((repository) => shortRepositoryJson(sandbox, repository)),
    ...(action === 'created' ? { requester: null } : {}),
    sender: userJson(sandbox, sender),
  });
}

/** Stops an App on an account, or lets it go on. https://docs.github.com/en/apps/maintaining-github-apps/suspending-a-github-app-installation */
export function setSuspended(
  sandbox: SandboxContext,
  installation: Installation,
  suspended: boolean,
  sender?: string,
): void {
  if (suspended === (installation.suspendedAt !== null)) return;
  installation.suspendedAt = suspended ? timestamp(sandbox) : null;
  tellOfInstallation(sandbox, installation, suspended ? 'suspend' : 'unsuspend', sender);
}

/** Takes an App off an account; its tokens are void. */
export function uninstall(sandbox: SandboxContext, installation: Installation, sender?: string): void {
  sandbox.state.installations.delete(installation.id);
  for (const [token, granted] of sandbox.state.installationTokens)
    if (granted.installationId === installation.id) sandbox.state.installationTokens.delete(token);
  tellOfInstallation(sandbox, installation, 'deleted', sender);
}

/** Changes which repositories an installation may touch, and tells its App which came and went. */
export function selectRepositories(
  sandbox: SandboxContext,
  installation: Installation,
  repositoryIds: number[],
  sender: string = installation.account,
): void {
  const before = repositoriesOf(sandbox, installation);
  installation.repositoryIds = repositoryIds;
  const after = repositoriesOf(sandbox, installation);
  tellOfRepositories(sandbox, installation, {
    added: after.filter((one) => !before.includes(one)),
    removed: before.filter((one) => !after.includes(one)),
    sender,
  });
}

/** Sends `installation_repositories`, for what was added and for what was removed. */
export function tellOfRepositories(
  sandbox: SandboxContext,
  installation: Installation,
  change: { added: Repository[]; removed: Repository[]; sender: string },
): void {
  const short = (repositories: Repository[]) =>
    repositories.map((repository) => shortRepositoryJson(sandbox, repository));
  for (const action of ['added', 'removed'] as const) {
    if (change[action].length === 0) continue;
    sandbox.tellInstallation(installation, 'installation_repositories', {
      action,
      installation: installationJson(sandbox, installation),
      repository_selection: installation.repositoryIds === undefined ? 'all' : 'selected',
      repositories_added: action === 'added' ? short(change.added) : [],
      repositories_removed: action === 'removed' ? short(change.removed) : [],
      requester: null,
      sender: userJson(sandbox, change.sender),
    });
  }
}
