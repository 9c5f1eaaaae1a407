import { readFile } from 'node:fs/promises';
import pino from 'pino';
import { readHttpOptions } from '../http/http-options.ts';
import { type Served, serve } from './serve.ts';

const SWEEP_EVERY_MS = 10 * 60 * 1000;
const DEFAULT_PORT = 3000;

/** Starts Sluice from its environment variables; throws with a person's message when one is missing. */
export async function start(env: NodeJS.ProcessEnv): Promise<Served> {
  const appId = Number(need(env, 'APP_ID', "the App's id, from its settings page"));
  if (!Number.isSafeInteger(appId) || appId <= 0)
    throw new Error('APP_ID must be the number on the settings page of the App');
  const webhookSecret = need(
    env,
    'WEBHOOK_SECRET',
    'the secret that GitHub signs its webhooks with; without it anybody could give orders',
  );
  const log = pino({
    level: env.LOG_LEVEL ?? 'info',
    redact: ['req.headers.authorization', 'err.request.headers.authorization'],
  });
  const served = await serve({
    appId,
    privateKey: await readKey(env),
    webhookSecret,
    port: Number(env.PORT ?? DEFAULT_PORT),
    host: env.HOST ?? '0.0.0.0',
    baseUrl: env.GITHUB_API_URL,
    http: readHttpOptions(env),
    isRendering: env.SLUICE_RENDER !== 'false',
    log,
  });
  log.info({ webhookUrl: served.webhookUrl }, 'Sluice is running');
  const timer = setInterval(() => {
    served.sluice
      .sweep()
      .catch((error: unknown) => log.error({ err: error }, 'sweep failed; the next one comes'));
  }, SWEEP_EVERY_MS);
  return {
    ...served,
    async close() {
      clearInterval(timer);
      await served.close();
    },
  };
}

async function readKey(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.PRIVATE_KEY_PATH) return readFile(env.PRIVATE_KEY_PATH, 'utf8');
  // Platforms that keep variables on one line write the line ends as \n.
  return need(env, 'PRIVATE_KEY', "the App's private key (PEM), or PRIVATE_KEY_PATH for its file").replace(
    /\\n/g,
    '\n',
  );
}

function need(env: NodeJS.ProcessEnv, name: string, meaning: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set: ${meaning}`);
  return value;
}
