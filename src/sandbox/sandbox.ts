import { mkdtemp, realpath, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as accounts from './accounts.ts';
import { requestAction } from './check-run-events.ts';
import { type Clock, createClock } from './clock.ts';
import type { SandboxContext } from './context.ts';
import { createFaults, type Faults } from './faults.ts';
import { closeReaders } from './git-reader.ts';
import { createHttpServer } from './http-server.ts';
import { recordIssueEvent } from './issue-events.ts';
import { type Limits, UNLIMITED } from './limits.ts';
import { createLocalFetch } from './local-fetch.ts';
import { createRepository, type NewRepository } from './new-repository.ts';
import { createPages } from './pages/app.ts';
import { createPrimaryLimit } from './primary-limit.ts';
import { announceRefChange } from './push.ts';
import { appRoutes } from './routes/app.ts';
import { codeRoutes } from './routes/code.ts';
import { collaborationRoutes } from './routes/collaboration.ts';
import { hookRoutes } from './routes/hook-deliveries.ts';
import { installationRoutes } from './routes/installations.ts';
import { peopleRoutes } from './routes/people.ts';
import { createSecondaryLimit } from './secondary-limit.ts';
import { createAnswer } from './server.ts';
import type { App, Call, Delivery, Installation, Organization, Repository, State } from './state.ts';
import { GITHUB_TRUNCATION } from './truncation.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';

/** The local GitHub: what the demo and the tests set up by hand; all else goes over HTTP. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`; also the base URL of the API. */
  url: string;
  context: SandboxContext;
  state: State;
  calls: Call[];
  deliveries: Delivery[];
  /** The time of everything here; tests set it. */
  clock: Clock;
  /** Off at first: `Object.assign(sandbox.limits, GITHUB_LIMITS)`. */
  limits: Limits;
  /** What goes wrong on request. */
  faults: Faults;
  /** The API and the pages without a socket, in the same call log. */
  fetch: typeof fetch;
  addUser(login: string): { login: string; token: string };
  addOrganization(login: string, options?: { members?: string[]; owners?: string[] }): Organization;
  addTeam(organization: string, slug: string, members: string[]): void;
  addApp(input: accounts.NewApp): App & { privateKeyPem: string };
  setWebhook(appId: number, webhook: { url: string; secret: string }): void;
  /** On all repositories of the account, or on those of the names. */
  install(appId: number, account: string, repositories?: string[]): Installation;
  addRepository(input: NewRepository): Promise<Repository>;
  /**
   * A person presses a button of a completed check run; nobody can over the API.
   * @throws Error when the person sees no such button.
   */
  pressButton(repository: Repository, press: { checkRunId: number; identifier: string; login: string }): void;
  /** URL to clone from and push to with git, the token in it. */
  cloneUrl(repository: Repository, token: string): string;
  /** Resolves when no webhook is queued or in flight; what a fault holds back does not count. */
  idle(): Promise<void>;
  /** Closes the server; removes the repositories when it chose their directory. */
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** 0, the default, takes a free one; null opens none: then there is `fetch` alone, and no git. */
  port?: number | null;
  /** Where the bare repositories go; a temporary directory by default. */
  directory?: string;
  /** Milliseconds since the epoch: what the clock follows until it is set. */
  now?: () => number;
}

/** Starts a local GitHub on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const directory = options.directory ?? (await realpath(await mkdtemp(join(tmpdir(), 'sluice-sandbox-'))));
  const address = { url: 'http://sandbox.invalid' };
  const clock = createClock(options.now);
  const { context, webhooks } = createContext(clock, () => address.url);
  // Routes of a longer path come first: `/commits/:ref/status` before `/commits/:ref`.
  const answer = createAnswer(
    context,
    [collaborationRoutes, appRoutes, installationRoutes, hookRoutes, codeRoutes, peopleRoutes],
    createPages,
  );
  const server = createHttpServer(context, answer);
  if (options.port !== null) address.url = await listen(server, options.port ?? 0);

  async function stop(): Promise<void> {
    context.faults.clear();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await webhooks.idle();
    closeReaders(directory);
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  }
  const fetch = createLocalFetch(answer);
  return { url: address.url, clock, fetch, ...handles(context, webhooks, directory), stop };
}

/** Gives the URL at which the server listens. */
async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function createContext(clock: Clock, url: () => string): { context: SandboxContext; webhooks: Webhooks } {
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
    truncation: { ...GITHUB_TRUNCATION },
    nextId: 1001,
  };
  // GitHub's own user: committer of what is done on the web and over the API.
  state.users.set('web-flow', { id: 19864447, login: 'web-flow', type: 'User', tokens: [] });
  const limits: Limits = { ...UNLIMITED };
  const webhooks = createWebhooks(() => context);
  const context: SandboxContext = {
    state,
    now: clock.now,
    url,
    nextId: () => state.nextId++,
    limits,
    primary: createPrimaryLimit(clock.now, limits),
    secondary: createSecondaryLimit(clock.now, limits),
    faults: createFaults(),
    redeliver: webhooks.redeliver,
    emit(event, input) {
      recordIssueEvent(context, event, input);
      webhooks.emit(event, input);
    },
    tellInstallation(installation, event, payload) {
      const app = state.apps.get(installation.appId);
      const { action } = payload;
      if (app) webhooks.send(app, { event, action, installation, repository: null, payload });
    },
    refChanged: (repository, change) => announceRefChange(context, repository, change),
    onRefChanged: [],
  };
  return { context, webhooks };
}

function handles(
  context: SandboxContext,
  webhooks: Webhooks,
  directory: string,
): Omit<Sandbox, 'url' | 'clock' | 'fetch' | 'stop'> {
  const { state } = context;
  return {
    context,
    state,
    calls: state.calls,
    deliveries: state.deliveries,
    limits: context.limits,
    faults: context.faults,
    addUser: (login) => accounts.addUser(context, login),
    addOrganization: (login, options) => accounts.addOrganization(context, login, options),
    addTeam: (organization, slug, members) => accounts.addTeam(context, organization, slug, members),
    addApp: (input) => accounts.addApp(context, input),
    setWebhook(appId, webhook) {
      const app = state.apps.get(appId);
      if (app === undefined) throw new Error(`there is no App ${appId}`);
      Object.assign(app, { webhookUrl: webhook.url, webhookSecret: webhook.secret });
    },
    install: (appId, account, repositories) => accounts.install(context, appId, account, repositories),
    async addRepository(input) {
      const repository = await createRepository(context, directory, input);
      accounts.announceRepository(context, repository);
      return repository;
    },
    pressButton: (repository, press) => requestAction(context, repository, press),
    cloneUrl(repository, token) {
      const { host } = new URL(context.url());
      return `http://x-access-token:${token}@${host}/${repository.fullName}.git`;
    },
    idle: webhooks.idle,
  };
}
