import { randomBytes } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import pino from 'pino';
import { ProbotOctokit } from 'probot';
import type { Database } from '../../database/database.ts';
import { openDatabase } from '../../database/open-database.ts';
import { carefulRequests } from '../../github/careful-requests.ts';
import { makeHistoryWriter } from '../../history/history-writer.ts';
import { makeHistoryStore } from '../../history/store.ts';
import type { HttpOptions } from '../../http/http-options.ts';
import type { HistoryWriter } from '../../promotion/ports/history.ts';
import type { Log } from '../../promotion/ports/log.ts';
import type { Outcome } from '../../promotion/reconcile.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Repository } from '../../sandbox/state.ts';
import { readAppManifest } from '../app-manifest.ts';
import { makeLog } from '../make-log.ts';
import { storageIn } from '../open-queue.ts';
import { type Served, type ServeOptions, serve } from '../serve.ts';

/** A local GitHub with the real app beside it, each reached over HTTP. */
export interface World {
  sandbox: Sandbox;
  /** API client of a person. */
  as(login: string): Octokit;
  tokenOf(login: string): string;
  /** What the last look at a repository came to. */
  outcomeOf(repository: string): Outcome | null;
  /** Starts the app; the repositories and the installation must be there. `beforeCall` sees each call that it makes. */
  startApp(beforeCall?: BeforeCall, http?: HttpOptions): Promise<void>;
  /** Ends the app as it stands; nothing of it is left. */
  stopApp(): Promise<void>;
  /** Has the app look at everything again, as it does on a timer. */
  sweep(): Promise<void>;
  /** Resolves when no webhook is under way and no work is left. */
  settle(): Promise<void>;
  /** Pages of a repository on the local GitHub. */
  urlOf(repository: Repository, path?: string): string;
  stop(): Promise<void>;
  appId: number;
  privateKeyPem: string;
  webhookSecret: string;
}

export interface WorldOptions {
  /** Of the local GitHub; any free one when left out. */
  port?: number;
  /** Where the app keeps its work: the embedded database when left out. */
  storage?: (log: Log) => Storage;
  /** Keeps what became of promotions: in the embedded database when left out with `storage`. */
  history?: (log: Log) => HistoryWriter;
  /** What the app is started with in place of what a demo wants. */
  serve?: Partial<ServeOptions>;
}

type Storage = Pick<ServeOptions, 'openQueue' | 'sources' | 'dashboards'>;

/** Starts a local GitHub with an organisation, its people, and the App installed. */
export async function makeWorld(
  organization: string,
  people: readonly string[],
  { port = 0, storage, history, serve: others }: WorldOptions = {},
): Promise<World> {
  const sandbox = await startSandbox({ port });
  const tokens = new Map(people.map((login) => [login, sandbox.addUser(login).token]));
  sandbox.addOrganization(organization, { members: [...people], owners: people.slice(0, 1) });
  const webhookSecret = randomBytes(20).toString('hex');
  const app = sandbox.addApp({ slug: 'sluice', ...(await readAppManifest()), webhookSecret });
  sandbox.install(app.id, organization);
  const outcomes = new Map<string, Outcome>();
  let served: Served | null = null;
  let database: Database | null = null;
  const tokenOf = (login: string) => tokens.get(login) ?? fail(`there is nobody called ${login}`);

  const openStorage = async (log: Log): Promise<Storage> => {
    if (storage) return storage(log);
    database ??= await openInMemory(log);
    return storageIn(database, log);
  };

  const historyFor = (log: Log): HistoryWriter | undefined => {
    if (history) return history(log);
    return database ? makeHistoryWriter(makeHistoryStore(database.sql, log), log) : undefined;
  };

  return {
    sandbox,
    appId: app.id,
    privateKeyPem: app.privateKeyPem,
    webhookSecret,
    tokenOf,
    as: (login) => new Octokit({ auth: tokenOf(login), baseUrl: sandbox.url, log: quiet }),
    outcomeOf: (repository) => outcomes.get(repository) ?? null,
    urlOf: (repository, path = '') => `${sandbox.url}/${repository.fullName}${path}`,
    async startApp(beforeCall, http) {
      const log = makeLog({
        level: process.env.LOG_LEVEL ?? 'silent',
        secrets: [webhookSecret, app.privateKeyPem],
        destination: pino.destination(2),
      });
      served = await serve({
        ...(await openStorage(log)),
        history: historyFor(log),
        appId: app.id,
        privateKey: app.privateKeyPem,
        webhookSecret,
        port: 0,
        host: '127.0.0.1',
        baseUrl: sandbox.url,
        isRendering: true,
        http,
        log,
        Octokit: makeOctokit(beforeCall),
        onOutcome: (repository, outcome) => outcomes.set(repository, outcome),
        now: sandbox.clock.now,
        ...others,
      });
      sandbox.setWebhook(app.id, { url: served.webhookUrl, secret: webhookSecret });
    },
    async stopApp() {
      await served?.close();
      served = null;
    },
    async sweep() {
      await served?.sluice.sweep();
    },
    async settle() {
      // Work makes webhooks and webhooks make work: both must be at rest with nothing new in between.
      for (let before = -1; before !== sandbox.calls.length; ) {
        before = sandbox.calls.length;
        await sandbox.idle();
        await served?.sluice.idle();
        await sandbox.idle();
      }
    },
    async stop() {
      await served?.close();
      await database?.close();
      await sandbox.stop();
    },
  };
}

export type BeforeCall = (call: { method: string; url: string }) => void | Promise<void>;

/** Without Octokit's own spacing and retries: GitHub's limits are not those of a demo on this machine. */
function makeOctokit(beforeCall: BeforeCall = () => undefined): typeof ProbotOctokit {
  const hook = (octokit: { hook: { before(name: 'request', act: BeforeCall): void } }) => {
    octokit.hook.before('request', beforeCall);
  };
  return ProbotOctokit.plugin(hook as never, carefulRequests() as never).defaults((options: object) => ({
    ...options,
    throttle: { enabled: false },
    retry: { enabled: false },
  })) as unknown as typeof ProbotOctokit;
}

/** As in the smallest installation; nothing of it is kept. */
function openInMemory(log: Log): Promise<Database> {
  const onError = (error: Error) => log.error({ err: error }, 'the database failed');
  return openDatabase({ url: null, folder: null, onError });
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

function fail(message: string): never {
  throw new Error(message);
}
