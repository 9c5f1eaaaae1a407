import pino from 'pino';
import { readHttpOptions } from '../http/http-options.ts';
import { need, readCredentials } from './credentials.ts';
import { type Served, serve } from './serve.ts';

const SWEEP_EVERY_MS = 10 * 60 * 1000;
const DEFAULT_PORT = 3000;

/** Starts Sluice from its environment variables; throws with a person's message when one is missing. */
export async function start(env: NodeJS.ProcessEnv): Promise<Served> {
  const credentials = await readCredentials(env);
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
    ...credentials,
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
