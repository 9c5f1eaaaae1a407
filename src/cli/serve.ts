import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Probot } from 'probot';
import { PatientOctokit } from '../github/patient-octokit.ts';
import { type Sluice, type SluiceOptions, sluice } from '../index.ts';
import { findRenderer } from '../manifests/render/renderer.ts';
import { runAs } from '../queue/current-job.ts';
import type { OpenQueue } from '../queue/work-queue.ts';
import { type Health, makeHealth } from './health.ts';
import { listen } from './listen.ts';
import { makeReceiver, type ReceiverOptions } from './receive-webhook.ts';

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
  /** Who takes builds, and the builds that only their delivery tells of. */
  sources: SluiceOptions['sources'];
  /** Keeps what became of promotions. */
  history?: SluiceOptions['history'];
  /** What dashboards need; there are none when left out. */
  dashboards?: SluiceOptions['dashboards'];
  /** Tells people outside of GitHub; nobody is told when left out. */
  notifier?: SluiceOptions['notifier'];
  prepareClient?: SluiceOptions['prepareClient'];
  /** Told what each delivery came to. */
  onDelivery?: ReceiverOptions['onAnswer'];
  /** Says whether webhooks may be sent here; true until it ends when left out. */
  health?: Health;
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
  /**
   * Says that nothing more is to be sent here, takes what comes all the same for a while, then nothing, and ends the
   * running work.
   */
  close(lingerMs?: number): Promise<void>;
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
  const { openQueue, sources, prepareClient, history, dashboards, notifier } = options;
  const { hasIntake = true, isSweeping = true } = options;
  const { health = makeHealth({ check: async () => {} }) } = options;
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
    prepareClient,
    history,
    dashboards,
    notifier,
    onOutcome,
    http,
    now,
    findRenderer: isRendering ? () => findRenderer(process.env) : undefined,
  });
  const previous = options.previousWebhookSecret;
  const receiver = makeReceiver({
    secrets: previous === undefined ? [webhookSecret] : [webhookSecret, previous],
    // Not by way of Probot, which makes an authenticated client for each webhook: a third of what taking it in costs.
    receive: ({ id, name, payload }) =>
      runAs({ fields: { delivery: id, event: name }, isUrgent: false }, () =>
        app.take(name, { id, payload }),
      ),
    log,
    onAnswer: options.onDelivery,
  });
  const listening = await listen({ port, host, log }, async (request, response) => {
    if (await health.answer(request, response)) return;
    if (hasIntake && request.url?.split('?', 1)[0] === WEBHOOK_PATH) return receiver(request, response);
    response.writeHead(404, { connection: 'close' }).end();
  });
  // GitHub may be away just now; webhooks and the next sweep make up for it.
  if (isSweeping) {
    await app
      .sweep()
      .catch((error: unknown) => log.error({ err: error }, 'the first sweep failed; the next one comes'));
  }
  return {
    sluice: app,
    webhookUrl: `http://${host}:${listening.port}${WEBHOOK_PATH}`,
    async close(lingerMs = 0) {
      health.drain();
      await delay(lingerMs);
      await listening.close();
      await app.stop();
    },
  };
}
