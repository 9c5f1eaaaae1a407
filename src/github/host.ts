import type { GitHost, RepositoryHint } from '../promotion/ports/host.ts';
import type { Log } from '../promotion/ports/log.ts';
import { makeObjectCache } from './cache.ts';
import { type AppIdentity, type Client, readIdentity } from './client.ts';
import { makeBranchReader } from './read-branch.ts';
import { makeBuildReader } from './read-builds.ts';
import { makeCollaborationReader } from './read-collaboration.ts';
import { makeGitReader, type RepositoryContext } from './read-git.ts';
import { makeHealthReader } from './read-health.ts';
import { makeMoveReader } from './read-moves.ts';
import { makeQueueReader } from './read-queue.ts';
import { makeWriter } from './write-repository.ts';

/** GitHub for the use cases, and what the edges need beside. */
export interface GitHubHost extends GitHost {
  /** Keeps what a delivery told. Safe to lose: what is missing is asked for. */
  learn(repository: string, hint: RepositoryHint): void;
  /** All repositories that the App is installed on, suspended installations left out. */
  listRepositories(): Promise<string[]>;
  readIdentity(): Promise<AppIdentity>;
}

/** `auth` gives a client for an installation, or for the App itself without an id, as Probot's `app.auth` does. */
export function makeHost(auth: (installationId?: number) => Promise<Client>, log: Log): GitHubHost {
  const cache = makeObjectCache();
  const hints = new Map<string, RepositoryHint>();
  const hintOf = (repository: string) => hints.get(repository.toLowerCase()) ?? {};
  let identity: Promise<AppIdentity> | null = null;

  const learn = (repository: string, { installationId, defaultBranch, namedBranch }: RepositoryHint) => {
    const known = { ...hintOf(repository) };
    if (namedBranch !== undefined && namedBranch !== known.defaultBranch) delete known.defaultBranch;
    if (installationId !== undefined) known.installationId = installationId;
    if (defaultBranch !== undefined) known.defaultBranch = defaultBranch;
    hints.set(repository.toLowerCase(), known);
  };
  const readIdentityOnce = () => {
    identity ??= auth().then(readIdentity);
    identity.catch(() => {
      identity = null;
    });
    return identity;
  };
  const clientOf = async (repository: string) =>
    auth(hintOf(repository).installationId ?? (await findInstallation(repository)));
  const findInstallation = async (repository: string) => {
    const [owner, repo] = split(repository);
    const { data } = await (await auth()).rest.apps.getRepoInstallation({ owner, repo });
    learn(repository, { installationId: data.id });
    return data.id;
  };

  return {
    learn,
    readIdentity: readIdentityOnce,
    builds: makeBuildReader(clientOf, log),
    async open(repository) {
      const [owner, name] = split(repository);
      const [client, known] = await Promise.all([clientOf(repository), readIdentityOnce()]);
      const defaultBranch = hintOf(repository).defaultBranch ?? null;
      const context: RepositoryContext = {
        client,
        identity: known,
        owner,
        name,
        cache,
        defaultBranch,
        onDefaultBranch: (branch) => learn(repository, { defaultBranch: branch }),
      };
      return {
        fullName: repository,
        ...makeGitReader(context),
        ...makeCollaborationReader(context),
        ...makeMoveReader(context),
        ...makeHealthReader(context),
        ...makeBranchReader(context),
        ...makeQueueReader(context),
        ...makeWriter(context, log),
      };
    },
    async listRepositories() {
      const app = await auth();
      const installations = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
      const names: string[] = [];
      for (const { id, suspended_at: suspendedAt } of installations) {
        if (suspendedAt) continue;
        const client = await auth(id);
        const repositories = await client.paginate(client.rest.apps.listReposAccessibleToInstallation, {
          per_page: 100,
        });
        for (const { full_name: fullName, default_branch: defaultBranch, archived } of repositories) {
          if (archived) continue;
          learn(fullName, { installationId: id, defaultBranch });
          names.push(fullName);
        }
      }
      return names;
    },
  };
}

function split(repository: string): [owner: string, name: string] {
  const [owner, name, ...rest] = repository.split('/');
  if (!owner || !name || rest.length > 0) throw new Error(`not a repository's full name: ${repository}`);
  return [owner, name];
}
