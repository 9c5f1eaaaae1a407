import { type Kysely, sql } from 'kysely';
import type { DestinationStream, Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import { makeHistoryWriter } from '../history/history-writer.ts';
import { makeHistoryStore } from '../history/store.ts';
import { readHttpOptions } from '../http/http-options.ts';
import { makePost } from '../http/post.ts';
import { type Metrics, makeMetrics } from '../metrics/make-metrics.ts';
import { type NotifyOptions, readNotifyOptions } from '../notify/channels.ts';
import { deliver, type Post } from '../notify/deliver.ts';
import { makeNotifier } from '../notify/make-notifier.ts';
import { makeOutbox, type Outbox } from '../notify/outbox.ts';
import { makeCreationBudget } from '../queue/creation-budget.ts';
import { makeGateStore } from '../queue/gate-store.ts';
import { makeSourceStore } from '../queue/source-store.ts';
import { need, readCredentials } from './credentials.ts';
import { makeHealth } from './health.ts';
import { makeLog } from './make-log.ts';
import { observeDelivery, observeOutcome, observeQueue } from './observe-work.ts';
import { dashboardsIn, queueIn } from './open-queue.ts';
import { prepareClients } from './prepare-clients.ts';
import { repeat } from './repeat.ts';
import { type Served, serve } from './serve.ts';
import { serveMetrics } from './serve-metrics.ts';
import { splitGrace } from './split-grace.ts';
import { readVariables, type Variables } from './variables.ts';

/** What a process does: it takes webhooks in (`web`), does the work (`worker`), or both. */
export type Role = 'all' | 'web' | 'worker';

const SWEEP_EVERY_MS = 10 * 60 * 1000;
const TELL_EVERY_MS = 5_000;

export interface Started extends Served {
  /** Where metrics are answered; null: nowhere. */
  metricsPort: number | null;
}

/**
 * Starts Sluice from its environment variables, and sweeps at once and on a timer.
 *
 * @param destination of the log; standard output when left out
 * @throws with a person's message when a variable is missing or cannot be meant
 */
export async function start(
  env: NodeJS.ProcessEnv,
  role: Role,
  destination?: DestinationStream,
): Promise<Started> {
  const variables = readVariables(env);
  const credentials = await readCredentials(env);
  const webhookSecret = need(
    env,
    'WEBHOOK_SECRET',
    'the secret that GitHub signs its webhooks with; without it anybody could give orders',
  );
  const log = makeLog({
    level: variables.LOG_LEVEL,
    secrets: [credentials.privateKey, ...secretsOf(variables), ...readNotifyOptions(env).urls.values()],
    destination,
  });
  const database = await openFor(role, variables, log);
  try {
    return await startIn(database, role, { ...variables, ...credentials, webhookSecret }, env, log);
  } catch (error) {
    await database.close();
    throw error;
  }
}

type Settings = Variables & Awaited<ReturnType<typeof readCredentials>> & { webhookSecret: string };

async function startIn(
  database: Database,
  role: Role,
  settings: Settings,
  env: NodeJS.ProcessEnv,
  log: Logger,
): Promise<Started> {
  const { HOST: host, SLUICE_METRICS_PORT: metricsPort } = settings;
  const set = makeMetrics({ hasProcess: metricsPort !== null });
  const { metrics } = set;
  const grace = splitGrace(settings.SLUICE_GRACE_S * 1_000);
  const health = makeHealth({
    check: () => ask(database.sql),
    onTrouble: (error) => log.warn({ err: error }, 'not ready: the database does not answer'),
  });
  const onGateError = (error: unknown) => log.warn({ err: error }, 'what the gates are could not be kept');
  const measured =
    metricsPort === null
      ? null
      : await serveMetrics({ port: metricsPort, host, database: database.sql, set, health, log });
  const notify = readNotifyOptions(env);
  const outbox = makeOutbox(database.sql);
  const served = await serve({
    appId: settings.appId,
    privateKey: settings.privateKey,
    webhookSecret: settings.webhookSecret,
    previousWebhookSecret: settings.WEBHOOK_SECRET_PREVIOUS ?? undefined,
    port: settings.PORT,
    host,
    baseUrl: settings.GITHUB_API_URL ?? undefined,
    http: readHttpOptions(env),
    isRendering: settings.SLUICE_RENDER === 'true',
    log,
    openQueue: queueIn(database, log, {
      isWorker: role !== 'web',
      isAlone: settings.DATABASE_URL === null,
      graceMs: grace.workMs,
      observer: observeQueue(metrics),
    }),
    sources: makeSourceStore(database.sql),
    history: makeHistoryWriter(makeHistoryStore(database.sql, log), log),
    dashboards: dashboardsIn(database, log),
    notifier: makeNotifier(outbox, notify, log),
    prepareClient: prepareClients(makeCreationBudget(database.sql), metrics),
    onDelivery: (event, result) => observeDelivery(metrics, event, result),
    onOutcome: observeOutcome(metrics, makeGateStore(database.sql), onGateError),
    health,
    hasIntake: role !== 'worker',
    isSweeping: false,
  }).catch(async (error: unknown) => {
    await measured?.close();
    throw error;
  });
  const timer = role === 'web' ? null : sweepOnTimer(served, metrics, log);
  const post = makePost(readHttpOptions(env));
  const teller = role === 'web' || notify.urls.size === 0 ? null : tellOnTimer(outbox, post, notify, log);
  log.info({ role, webhookUrl: role === 'worker' ? null : served.webhookUrl }, 'Sluice is running');
  return {
    ...served,
    metricsPort: measured?.port ?? null,
    async close(lingerMs = 0) {
      log.info({}, 'shutting down');
      timer?.stop();
      teller?.stop();
      await served.close(Math.min(lingerMs, grace.lingerMs));
      await measured?.close();
      await database.close();
    },
  };
}

/** The embedded database is for one process that does everything; several share a server. */
async function openFor(role: Role, variables: Variables, log: Logger): Promise<Database> {
  const { DATABASE_URL: url, SLUICE_DATA: folder } = variables;
  if (url === null && role !== 'all') {
    throw new Error(
      `\`sluice ${role}\` needs a PostgreSQL server that all processes share: set DATABASE_URL, or run \`sluice start\` alone, which brings its own`,
    );
  }
  const onError = (error: Error) => log.error({ err: error }, 'a connection to the database broke');
  return openDatabase({ url, folder, onError });
}

async function ask(database: Kysely<unknown>): Promise<void> {
  await sql`select 1`.execute(database);
}

function secretsOf(variables: Variables): (string | null)[] {
  const { DATABASE_URL: url } = variables;
  // As it stands in the address, and what it means.
  const password = /^\w+:\/\/[^:@/]*:([^@/]*)@/.exec(url ?? '')?.[1] ?? null;
  return [
    variables.WEBHOOK_SECRET,
    variables.WEBHOOK_SECRET_PREVIOUS,
    variables.SLUICE_HTTP_SECRET,
    variables.SLUICE_NOTIFY_SECRET,
    url,
    password,
    password && decode(password),
  ];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function tellOnTimer(
  outbox: Outbox,
  post: Post,
  options: NotifyOptions,
  log: Logger,
): ReturnType<typeof repeat> {
  return repeat({
    everyMs: TELL_EVERY_MS,
    run: async () => void (await deliver(outbox, post, options, log, Date.now())),
    onError: (error) => log.error({ err: error }, 'people cannot be told now; it is tried again'),
  });
}

/** The first one comes at once: GitHub may be away just now, and then the next one makes up for it. */
function sweepOnTimer({ sluice }: Served, metrics: Metrics, log: Logger): ReturnType<typeof repeat> {
  return repeat({
    everyMs: SWEEP_EVERY_MS,
    isImmediate: true,
    async run() {
      await sluice.sweep();
      metrics.sweeps.inc({ result: 'done' });
      metrics.lastSweep.setToCurrentTime();
    },
    onError(error) {
      metrics.sweeps.inc({ result: 'failed' });
      log.error({ err: error }, 'sweep failed; the next one comes');
    },
  });
}
