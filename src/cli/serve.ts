import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { Probot } from 'probot';
import { PatientOctokit } from '../github/patient-octokit.ts';
import { type Sluice, type SluiceOptions, sluice } from '../index.ts';
import { findRenderer } from '../manifests/render/renderer.ts';
import type { OpenQueue } from '../queue/work-queue.ts';
import { makeReceiver } from './receive-webhook.ts';

export interface ServeOptions {
  appId: number;
  privateKey: string;
  webhookSecret: string;
  /** That GitHub may still sign with, while the secret is changed. */
  previousWebhookSecret?: string;
  /** 0 takes any free port. */
  port: number;
  host: string;
  log: Logger;
  /** Where jobs wait until they are done. */
  openQueue: OpenQueue;
  /** What other processes know of who takes builds. */
  sources?: SluiceOptions['sources'];
  /** Counts what all processes create on GitHub. */
  beforeCreation?: SluiceOptions['beforeCreation'];
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
  /** Takes webhooks; true when left out. */
  hasIntake?: boolean;
  /** Looks at every repository when it starts; true when left out. */
  isSweeping?: boolean;
}

export interface Served {
  sluice: Sluice;
  /** Where webhooks go. */
  webhookUrl: string;
  /** Takes no more deliveries and ends the running work. */
  close(): Promise<void>;
}

const WEBHOOK_PATH = '/api/github/webhooks';

/** Starts the app on a port of its own, and looks at every repository once. */
export async function serve({ port, host, log, ...options }: ServeOptions): Promise<Served> {
  const {
    appId,
    privateKey,
    webhookSecret,
    baseUrl,
    Octokit = PatientOctokit,
    onOutcome,
    http,
    now,
    isRendering,
  } = options;
  const { openQueue, sources, beforeCreation, hasIntake = true, isSweeping = true } = options;
  const probot = new Probot({
    appId,
    privateKey,
    secret: webhookSecret,
    baseUrl,
    Octokit,
    log,
    webhookPath: WEBHOOK_PATH,
  });
  const app = await sluice(probot, {
    appId,
    log,
    openQueue,
    sources,
    beforeCreation,
    onOutcome,
    http,
    now,
    findRenderer: isRendering ? () => findRenderer(process.env) : undefined,
  });
  const previous = options.previousWebhookSecret;
  const receiver = makeReceiver({
    secrets: previous === undefined ? [webhookSecret] : [webhookSecret, previous],
    // Not by way of Probot, which makes an authenticated client for each webhook: a third of what taking it in costs.
    receive: ({ id, name, payload }) => app.take(name, { id, payload }),
    log,
  });
  const server = createServer((request, response) => {
    answer(request, response, hasIntake ? receiver : null).catch((error: unknown) => {
      log.error({ err: error }, 'request failed');
      if (!response.headersSent) response.writeHead(500).end();
    });
  });
  await listen(server, port, host);
  // GitHub may be away just now; webhooks and the next sweep make up for it.
  if (isSweeping) {
    await app
      .sweep()
      .catch((error: unknown) => log.error({ err: error }, 'the first sweep failed; the next one comes'));
  }
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

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  receiver: ReturnType<typeof makeReceiver> | null,
): Promise<void> {
  if (request.url === '/healthz') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    return;
  }
  if (receiver && request.url?.split('?', 1)[0] === WEBHOOK_PATH) return receiver(request, response);
  response.writeHead(404, { connection: 'close' }).end();
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
