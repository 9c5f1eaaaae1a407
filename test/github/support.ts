import { generateKeyPairSync } from 'node:crypto';
import nock from 'nock';
import pino from 'pino';
import { Probot, ProbotOctokit } from 'probot';
import { makeObjectCache } from '../../src/github/cache.ts';
import type { RepositoryContext } from '../../src/github/repository-context.ts';
import { sluice } from '../../src/index.ts';
import type { Outcome } from '../../src/promotion/reconcile.ts';
import { memoryStorage } from '../queue/memory-queue.ts';

export const APP_ID = 7;
export const INSTALLATION_ID = 42;
export const BOT = 'sluice[bot]';
const API = 'https://api.github.com';
/** Where archives are downloaded from; no call of the API. */
export const DOWNLOADS = 'https://codeload.github.com';

/** One request that GitHub is to get, and what it answers. */
export interface Expected {
  /** Method and decoded path with its query, `GET /repos/o/r/pulls?state=open`; `DOWNLOAD` of what is no API. */
  request: string;
  status?: number;
  /** The body; a function is asked at the time of the request. */
  reply: unknown;
  headers?: Record<string, string>;
}

/** A request as it went over the wire. */
export interface Seen {
  request: string;
  body: unknown;
}

export interface Wire {
  /** All requests but those for the App's identity, in order, unexpected ones too. */
  seen: Seen[];
  /** How often the App asked who it is: once in the life of a process, however many promotions. */
  identityReads: () => number;
  /** Resolves with the first request that nobody expects. */
  surprise: Promise<string>;
  /** Adds requests to those that are expected; each is answered once. */
  expect(requests: readonly Expected[]): void;
  /** Expected requests that did not come. */
  missing(): string[];
}

/**
 * GitHub as a list of expected requests. One that nobody expects gets no answer but an error, and stands in `seen`,
 * so that it fails the comparison there.
 */
export function openWire(): Wire {
  const seen: Seen[] = [];
  let identityReads = 0;
  const pending: Expected[] = [];
  let surpriseWith: (request: string) => void = () => {};
  const surprise = new Promise<string>((resolve) => {
    surpriseWith = resolve;
  });
  nock.disableNetConnect();
  const answer =
    (method: string) =>
    (uri: string, body: unknown): [number, nock.Body, Record<string, string>] => {
      const request = `${method} ${decodeURIComponent(uri)}`;
      if (request === 'GET /app') {
        identityReads++;
        return [200, { id: APP_ID, slug: 'sluice' }, {}];
      }
      seen.push({ request, body });
      const index = pending.findIndex((each) => each.request === request);
      const found = index < 0 ? null : pending.splice(index, 1)[0]!;
      if (!found) {
        surpriseWith(request);
        return [501, { message: `nobody expects ${request}` }, {}];
      }
      const reply: unknown = typeof found.reply === 'function' ? found.reply() : found.reply;
      return [found.status ?? 200, reply as nock.Body, found.headers ?? {}];
    };
  nock(API).persist().get(/.*/).reply(answer('GET'));
  nock(DOWNLOADS).persist().get(/.*/).reply(answer('DOWNLOAD'));
  nock(API).persist().post(/.*/).reply(answer('POST'));
  nock(API).persist().patch(/.*/).reply(answer('PATCH'));
  nock(API).persist().put(/.*/).reply(answer('PUT'));
  nock(API).persist().delete(/.*/).reply(answer('DELETE'));
  nock.emitter.on('no match', () => surpriseWith('a request to something that is not the API of GitHub'));
  return {
    seen,
    identityReads: () => identityReads,
    surprise,
    expect: (requests) => pending.push(...requests),
    missing: () => pending.map(({ request }) => request),
  };
}

export function closeWire(): void {
  nock.emitter.removeAllListeners('no match');
  nock.cleanAll();
  nock.enableNetConnect();
}

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

/** Octokit as the App has it, without its own spacing and repeating of requests, which would only take time here. */
export const QuickOctokit = ProbotOctokit.defaults((options: object) => ({
  ...options,
  throttle: { enabled: false },
  retry: { enabled: false },
}));

/** What the ports of `acme/gitops` are made with, in a process that knows nothing yet. */
export const makeContext = (): RepositoryContext => ({
  client: new QuickOctokit(),
  identity: { id: APP_ID, botLogin: BOT },
  owner: 'acme',
  name: 'gitops',
  cache: makeObjectCache(),
  defaultBranch: null,
  onDefaultBranch: () => {},
});

/** The wired app in a process that knows nothing yet. */
export function startApp(wire: Wire) {
  const log = pino({ level: 'silent' });
  const outcomes: Outcome[] = [];
  const probot = new Probot({
    appId: APP_ID,
    privateKey,
    secret: 'a secret of the tests',
    Octokit: QuickOctokit,
    log,
  });
  const started = sluice(probot, {
    appId: APP_ID,
    log,
    onOutcome: (_, outcome) => outcomes.push(outcome),
    ...memoryStorage()(log),
  });
  return {
    outcomes,
    /** A push to the default branch, as GitHub delivers it; resolves when all that came of it is done; fails at once on a request that nobody expects. */
    async push(id: string) {
      const payload = {
        ref: 'refs/heads/main',
        installation: { id: INSTALLATION_ID },
        repository: {
          name: 'gitops',
          full_name: 'acme/gitops',
          default_branch: 'main',
          pushed_at: Math.floor(Date.now() / 1000),
          owner: { login: 'acme' },
        },
      };
      const app = await started;
      await app.take('push', { id, payload });
      const surprise = await Promise.race([app.idle(), wire.surprise]);
      if (surprise) throw new Error(`nobody expects ${surprise}`);
    },
    stop: async () => (await started).stop(),
  };
}
