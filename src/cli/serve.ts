import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { Probot } from 'probot';
import { type Sluice, type SluiceOptions, sluice } from '../index.ts';
import { findRenderer } from '../manifests/render/renderer.ts';

export interface ServeOptions {
  appId: number;
  privateKey: string;
  webhookSecret: string;
  /** 0 takes any free port. */
  port: number;
  host: string;
  log: Logger;
  /** GitHub's REST API; GitHub itself when left out. */
  baseUrl?: string;
  /** Octokit's own spacing of requests; a test turns it off. */
  Octokit?: ConstructorParameters<typeof Probot>[0] extends infer Options
    ? NonNullable<Options>['Octokit' & keyof NonNullable<Options>]
    : never;
  onOutcome?: SluiceOptions['onOutcome'];
  /** What `http` gates may call; nothing when left out. */
  http?: SluiceOptions['http'];
  /** The clock that gates go by; the real one when left out. */
  now?: SluiceOptions['now'];
  /** Promotions show what they change in the cluster. */
  isRendering: boolean;
}

export interface Served {
  sluice: Sluice;
  /** Where webhooks go. */
  webhookUrl: string;
  /** Takes no more deliveries and ends the running work. */
  close(): Promise<void>;
}

const WEBHOOK_PATH = '/api/github/webhooks';
/** GitHub sends at most this much: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap */
const MOST_BODY_BYTES = 25 * 1024 * 1024;

/** Starts the app on a port of its own, and looks at every repository once. */
export async function serve({ port, host, log, ...options }: ServeOptions): Promise<Served> {
  const { appId, privateKey, webhookSecret, baseUrl, Octokit, onOutcome, http, now, isRendering } = options;
  const probot = new Probot({
    appId,
    privateKey,
    secret: webhookSecret,
    baseUrl,
    Octokit,
    log,
    webhookPath: WEBHOOK_PATH,
  });
  const app = sluice(probot, {
    appId,
    log,
    onOutcome,
    http,
    now,
    findRenderer: isRendering ? () => findRenderer(process.env) : undefined,
  });
  const middleware = await probot.getNodeMiddleware({ path: WEBHOOK_PATH });
  const server = createServer((request, response) => {
    answer(request, response, middleware).catch((error: unknown) => {
      log.error({ err: error }, 'request failed');
      if (!response.headersSent) response.writeHead(500).end();
    });
  });
  await listen(server, port, host);
  // GitHub may be away just now; webhooks and the next sweep make up for it.
  await app
    .sweep()
    .catch((error: unknown) => log.error({ err: error }, 'the first sweep failed; the next one comes'));
  const { port: bound } = server.address() as AddressInfo;
  return {
    sluice: app,
    webhookUrl: `http://${host}:${bound}${WEBHOOK_PATH}`,
    async close() {
      await closeServer(server);
      await app.stop();
    },
  };
}

type Middleware = Awaited<ReturnType<Probot['getNodeMiddleware']>>;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  middleware: Middleware,
): Promise<void> {
  if (request.url === '/healthz') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    return;
  }
  const refused = request.method === 'POST' ? refuseBody(request.headers) : null;
  if (refused !== null) {
    response.writeHead(refused, { connection: 'close' }).end();
    return;
  }
  if (!(await middleware(request, response))) response.writeHead(404).end();
}

/** Status for a body that is too large, or that does not say how large it is: it is read before its signature is known. */
function refuseBody(headers: IncomingMessage['headers']): 411 | 413 | null {
  const length = headers['content-length'];
  if (length === undefined || headers['transfer-encoding'] !== undefined) return 411;
  return Number(length) > MOST_BODY_BYTES ? 413 : null;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
