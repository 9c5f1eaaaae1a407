import pino, { type Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { openDatabase } from '../database/open-database.ts';
import { readHttpOptions } from '../http/http-options.ts';
import { makeCreationBudget } from '../queue/creation-budget.ts';
import { makeSourceStore } from '../queue/source-store.ts';
import { need, readCredentials } from './credentials.ts';
import { queueIn } from './open-queue.ts';
import { repeat } from './repeat.ts';
import { type Served, serve } from './serve.ts';

/** What a process does: it takes webhooks in (`web`), does the work (`worker`), or both. */
export type Role = 'all' | 'web' | 'worker';

const SWEEP_EVERY_MS = 10 * 60 * 1000;
const DEFAULT_PORT = 3000;
const DEFAULT_FOLDER = 'sluice-data';

/** Starts Sluice from its environment variables; throws with a person's message when one is missing. */
export async function start(env: NodeJS.ProcessEnv, role: Role): Promise<Served> {
  const credentials = await readCredentials(env);
  const webhookSecret = need(
    env,
    'WEBHOOK_SECRET',
    'the secret that GitHub signs its webhooks with; without it anybody could give orders',
  );
  const log = pino(
    {
      level: env.LOG_LEVEL ?? 'info',
      redact: ['req.headers.authorization', 'err.request.headers.authorization'],
    },
    // Webhooks do not wait for whoever reads the log; what is not written yet is at the end.
    pino.destination({ sync: false }),
  );
  const isAlone = !env.DATABASE_URL;
  const database = await openFor(role, env, log);
  const budget = makeCreationBudget(database.sql);
  const served = await serve({
    ...credentials,
    webhookSecret,
    // Empty is not set, as in most places where variables are kept.
    previousWebhookSecret: env.WEBHOOK_SECRET_PREVIOUS || undefined,
    port: Number(env.PORT ?? DEFAULT_PORT),
    host: env.HOST ?? '0.0.0.0',
    baseUrl: env.GITHUB_API_URL,
    http: readHttpOptions(env),
    isRendering: env.SLUICE_RENDER !== 'false',
    log,
    openQueue: queueIn(database, log, { isWorker: role !== 'web', isAlone }),
    sources: makeSourceStore(database.sql),
    beforeCreation: (owner) => budget.spend(owner, Date.now()),
    hasIntake: role !== 'worker',
    isSweeping: role !== 'web',
  });
  log.info({ role, webhookUrl: role === 'worker' ? null : served.webhookUrl }, 'Sluice is running');
  const timer = role === 'web' ? null : sweepOnTimer(served, log);
  return {
    ...served,
    async close() {
      timer?.stop();
      await served.close();
      await database.close();
    },
  };
}

/** The embedded database is for one process that does everything; several share a server. */
async function openFor(role: Role, env: NodeJS.ProcessEnv, log: Logger): Promise<Database> {
  const url = env.DATABASE_URL || null;
  if (url === null && role !== 'all') {
    throw new Error(
      `\`sluice ${role}\` needs a PostgreSQL server that all processes share: set DATABASE_URL, or run \`sluice start\` alone, which brings its own`,
    );
  }
  const onError = (error: Error) => log.error({ err: error }, 'a connection to the database broke');
  return openDatabase({ url, folder: env.SLUICE_DATA ?? DEFAULT_FOLDER, onError });
}

function sweepOnTimer({ sluice }: Served, log: Logger): ReturnType<typeof repeat> {
  return repeat({
    everyMs: SWEEP_EVERY_MS,
    run: () => sluice.sweep(),
    onError: (error) => log.error({ err: error }, 'sweep failed; the next one comes'),
  });
}
