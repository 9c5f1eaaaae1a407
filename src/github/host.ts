import type { GitHost, RepositoryHint } from '../promotion/ports/host.ts';
import type { Log } from '../promotion/ports/log.ts';
import { askConditionally, makeKeptAnswers } from './ask-conditionally.ts';
import { makeObjectCache } from './cache.ts';
import { type AppIdentity, type Client, identityOf, messageOf, readIdentity } from './client.ts';
import { makeDeployments } from './deployments.ts';
import { makeIssues } from './issues.ts';
import { makeAllPullsReader } from './read-all-pulls.ts';
import { makeBranchReader } from './read-branch.ts';
import { makeBuildReader } from './read-builds.ts';
import { makeClosedReader } from './read-closed-pulls.ts';
import { makeCollaborationReader } from './read-collaboration.ts';
import { makeGitReader } from './read-git.ts';
import { makeHealthReader } from './read-health.ts';
import { makeMoveReader } from './read-moves.ts';
import { makeQueueReader } from './read-queue.ts';
import { makeSourceReader } from './read-source-changes.ts';
import type { RepositoryContext } from './repository-context.ts';
import { whyAway } from './why-away.ts';
import { makeWriter } from './write-repository.ts';

export interface ListedRepositories {
  /** Full names. */
  repositories: string[];
  /** False when those of an installation could not be listed. */
  isWhole: boolean;
}

/** GitHub for the use cases, and what the edges need beside. */
export interface GitHubHost extends GitHost {
  /** Keeps what a delivery told. Safe to lose: what is missing is asked for. */
  learn(repository: string, hint: RepositoryHint): void;
  /** All repositories that the App is installed on, but for archived ones and suspended installations. */
  listRepositories(): Promise<ListedRepositories>;
  readIdentity(): Promise<AppIdentity>;
}

/**
 * `authenticate` gives a client for an installation, a new one each time, or the one of the App itself without an id, as
 * Probot's `app.auth` does.
 */
export function makeHost(authenticate: (installationId?: number) => Promise<Client>, log: Log): GitHubHost {
  const cache = makeObjectCache();
  const answers = makeKeptAnswers();
  const hints = new Map<string, RepositoryHint>();
  const hintOf = (repository: string) => hints.get(repository.toLowerCase()) ?? {};
  let identity: Promise<AppIdentity> | null = null;

  const auth = async (installationId?: number) => {
    const client = await authenticate(installationId);
    // Each token of the App itself is new, and so would be each tag.
    if (installationId !== undefined) askConditionally(client, answers, String(installationId));
    return client;
  };
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
  /** Each installation tells whose it is, and then it need not be asked for. */
  const meet = ({ app_id: id, app_slug: slug }: { app_id?: number; app_slug?: string }) => {
    if (id && slug) identity ??= Promise.resolve(identityOf(id, slug));
  };
  const clientOf = async (repository: string) =>
    auth(hintOf(repository).installationId ?? (await findInstallation(repository)));
  const findInstallation = async (repository: string) => {
    const [owner, repo] = split(repository);
    const { data, url } = await (await auth()).rest.apps.getRepoInstallation({ owner, repo });
    // GitHub leads an old name to the repository by its id, where everything would look like a fork's.
    // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    if (!url.includes('/repos/'))
      throw Object.assign(new Error(`${repository} has another name now`), { status: 301 });
    meet(data);
    learn(repository, { installationId: data.id });
    return data.id;
  };

  const listInstalled = async (installationId: number) => {
    const { paginate, rest } = await auth(installationId);
    const repositories = await paginate(rest.apps.listReposAccessibleToInstallation, { per_page: 100 });
    const used = repositories.filter(({ archived }) => !archived);
    for (const { full_name: fullName, default_branch: defaultBranch } of used) {
      learn(fullName, { installationId, defaultBranch });
    }
    return used.map(({ full_name: fullName }) => fullName);
  };

  /** What is not listed any more may be another repository's name by now. */
  const forget = (known: readonly string[], listed: readonly string[]) => {
    const names = new Set(listed.map((name) => name.toLowerCase()));
    for (const name of known) if (!names.has(name)) hints.delete(name);
  };

  return {
    learn,
    whyAway: (repository, error) => whyAway(auth, ...split(repository), error),
    readIdentity: readIdentityOnce,
    builds: makeBuildReader(clientOf, log),
    sources: makeSourceReader(clientOf, log),
    async open(repository) {
      const [owner, name] = split(repository);
      const client = await clientOf(repository);
      const known = await readIdentityOnce();
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
      const collaboration = makeCollaborationReader(context);
      return {
        fullName: repository,
        ...makeGitReader(context, log),
        ...collaboration,
        listClosedPullsOf: makeClosedReader(context, collaboration.listClosedPulls, log),
        ...makeAllPullsReader(context),
        ...makeMoveReader(context),
        ...makeHealthReader(context),
        ...makeBranchReader(context),
        ...makeQueueReader(context),
        ...makeIssues(context, log),
        ...makeDeployments(context),
        ...makeWriter(context, log),
      };
    },
    async listRepositories() {
      const app = await auth();
      const installations = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
      const names: string[] = [];
      const before = [...hints.keys()];
      let isWhole = true;
      for (const installation of installations) {
        const { id, account, suspended_at: suspendedAt } = installation;
        meet(installation);
        if (suspendedAt) continue;
        try {
          names.push(...(await listInstalled(id)));
        } catch (error) {
          isWhole = false;
          // Suspended or removed meanwhile, or without the permission: that is no reason to leave the others alone.
          const owner = account && 'login' in account ? account.login : null;
          const fields = { installation: id, owner, reason: messageOf(error) };
          log.warn(fields, 'the repositories of an installation cannot be listed; the next sweep does');
        }
      }
      if (isWhole) forget(before, names);
      return { repositories: names, isWhole };
    },
  };
}

function split(repository: string): [owner: string, name: string] {
  const [owner, name, ...rest] = repository.split('/');
  if (!owner || !name || rest.length > 0) throw new Error(`not a repository's full name: ${repository}`);
  return [owner, name];
}
