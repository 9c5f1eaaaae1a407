import { mkdtemp, realpath, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as accounts from './accounts.ts';
import type { SandboxContext } from './context.ts';
import { createRepository, type NewRepository } from './new-repository.ts';
import { pageRoutes } from './pages.ts';
import { announceRefChange } from './push.ts';
import { appRoutes } from './routes/app.ts';
import { collaborationRoutes } from './routes/collaboration.ts';
import { commitRoutes } from './routes/commits.ts';
import { contentRoutes } from './routes/contents.ts';
import { gitDataRoutes } from './routes/git-data.ts';
import { peopleRoutes } from './routes/people.ts';
import { repositoryRoutes } from './routes/repositories.ts';
import { createSandboxServer } from './server.ts';
import type { App, Call, Delivery, Installation, Organization, Repository, State } from './state.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';

/** The local GitHub: what the demo and the tests set up by hand; all else goes over HTTP. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`; also the base URL of the API. */
  url: string;
  context: SandboxContext;
  state: State;
  calls: Call[];
  deliveries: Delivery[];
  addUser(login: string): { login: string; token: string };
  addOrganization(login: string, options?: { members?: string[]; owners?: string[] }): Organization;
  addTeam(organization: string, slug: string, members: string[]): void;
  addApp(input: accounts.NewApp): App & { privateKeyPem: string };
  setWebhook(appId: number, webhook: { url: string; secret: string }): void;
  install(appId: number, account: string): Installation;
  addRepository(input: NewRepository): Promise<Repository>;
  /** URL to clone from and push to with git, the token in it. */
  cloneUrl(repository: Repository, token: string): string;
  /** Resolves when no webhook is queued or in flight. */
  idle(): Promise<void>;
  /** Closes the server; removes the repositories when it chose their directory. */
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Where the bare repositories go; a temporary directory by default. */
  directory?: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Starts a local GitHub on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const directory = options.directory ?? (await realpath(await mkdtemp(join(tmpdir(), 'sluice-sandbox-'))));
  const address = { url: '' };
  const { context, webhooks } = createContext(options.now ?? Date.now, () => address.url);
  // Routes of a longer path come first: `/commits/:ref/status` before `/commits/:ref`.
  const server = createSandboxServer(context, [
    collaborationRoutes,
    appRoutes,
    repositoryRoutes,
    gitDataRoutes,
    commitRoutes,
    contentRoutes,
    peopleRoutes,
    pageRoutes,
  ]);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  address.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await webhooks.idle();
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  }
  return { url: address.url, ...handles(context, webhooks, directory), stop };
}

function createContext(
  now: () => number,
  url: () => string,
): { context: SandboxContext; webhooks: Webhooks } {
  const state: State = {
    users: new Map(),
    organizations: new Map(),
    apps: new Map(),
    installations: new Map(),
    installationTokens: new Map(),
    repositories: new Map(),
    deliveries: [],
    calls: [],
    signedCommits: new Set(),
    nextId: 1001,
  };
  // GitHub's own user: committer of what is done on the web and over the API.
  state.users.set('web-flow', { id: 19864447, login: 'web-flow', type: 'User', tokens: [] });
  const webhooks = createWebhooks(() => context);
  const context: SandboxContext = {
    state,
    now,
    url,
    nextId: () => state.nextId++,
    emit: webhooks.emit,
    refChanged: (repository, change) => announceRefChange(context, repository, change),
    onRefChanged: [],
  };
  return { context, webhooks };
}

function handles(
  context: SandboxContext,
  webhooks: Webhooks,
  directory: string,
): Omit<Sandbox, 'url' | 'stop'> {
  const { state } = context;
  return {
    context,
    state,
    calls: state.calls,
    deliveries: state.deliveries,
    addUser: (login) => accounts.addUser(context, login),
    addOrganization: (login, options) => accounts.addOrganization(context, login, options),
    addTeam: (organization, slug, members) => accounts.addTeam(context, organization, slug, members),
    addApp: (input) => accounts.addApp(context, input),
    setWebhook(appId, webhook) {
      const app = state.apps.get(appId);
      if (app === undefined) throw new Error(`there is no App ${appId}`);
      Object.assign(app, { webhookUrl: webhook.url, webhookSecret: webhook.secret });
    },
    install: (appId, account) => accounts.install(context, webhooks, appId, account),
    async addRepository(input) {
      const repository = await createRepository(context, directory, input);
      accounts.announceRepository(context, webhooks, repository.fullName);
      return repository;
    },
    cloneUrl(repository, token) {
      const { host } = new URL(context.url());
      return `http://x-access-token:${token}@${host}/${repository.fullName}.git`;
    },
    idle: webhooks.idle,
  };
}
