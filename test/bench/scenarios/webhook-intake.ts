import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { jobIdOf } from '../../../src/queue/names.ts';
import { findFreePort } from '../../database/find-free-port.ts';
import { startPostgres } from '../../database/start-postgres.ts';
import type { LoadOptions, LoadResult } from '../intake/generate.ts';
import { percentile } from '../percentile.ts';
import type { Figures, Scenario } from '../scenario.ts';
import { spawnSluice } from '../sluice-process.ts';

const SECRET = 'not-a-secret';
const PER_SECOND = 1_000;
const CONNECTIONS = 32;
const SECONDS = 30;
const QUICK_SECONDS = 5;
/** In which the code is compiled and the pool of connections filled. */
const WARM_UP_MS = 3_000;

export const webhookIntake: Scenario = {
  about: '1,000 signed webhooks a second over 32 connections into PostgreSQL, then SIGKILL in the middle',
  async measure({ isQuick }) {
    const postgres = await startPostgres();
    try {
      return await measureIntake(await postgres.createDatabase('intake'), isQuick ? QUICK_SECONDS : SECONDS);
    } finally {
      await postgres.stop();
    }
  },
};

async function measureIntake(databaseUrl: string, seconds: number): Promise<Figures> {
  const port = await findFreePort();
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const sluice = spawnSluice('web', {
    APP_ID: '1',
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: SECRET,
    DATABASE_URL: databaseUrl,
    PORT: String(port),
  });
  await sluice.said('Sluice is running');
  const url = `http://127.0.0.1:${port}/api/github/webhooks`;
  const options = { url, secret: SECRET, perSecond: PER_SECOND, connections: CONNECTIONS };
  const warm = await load(options, WARM_UP_MS, async () => {});
  const measured = await load(options, seconds * 1_000, () => sluice.kill());
  const accepted = new Set([...warm.accepted, ...measured.accepted]);
  return {
    perSecond: Math.round(measured.accepted.length / seconds),
    p50Ms: percentile(measured.fromDueMs, 50),
    p99Ms: percentile(measured.fromDueMs, 99),
    p99SentMs: percentile(measured.fromSentMs, 99),
    refused: Object.entries(measured.statuses).reduce(
      (sum, [status, count]) => (status === '0' || status === '202' ? sum : sum + count),
      0,
    ),
    answered: accepted.size,
    lost: await countLost(databaseUrl, accepted),
  };
}

/** Sends for a time, then does what ends it while it goes on, and gives what was answered. */
async function load(options: LoadOptions, durationMs: number, end: () => Promise<void>): Promise<LoadResult> {
  const generator = fork(fileURLToPath(new URL('../intake/generate.ts', import.meta.url)));
  generator.send(options);
  await once(generator, 'message');
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  await end();
  return stop(generator);
}

async function stop(generator: ChildProcess): Promise<LoadResult> {
  generator.send('stop');
  const [result] = (await once(generator, 'message')) as [LoadResult];
  return result;
}

/** Deliveries that were answered and are not in the queue. */
async function countLost(databaseUrl: string, accepted: ReadonlySet<string>): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>('select id from pgboss.job');
    const kept = new Set(rows.map(({ id }) => id));
    return [...accepted].filter((delivery) => !kept.has(jobIdOf({ delivery, index: 0 }))).length;
  } finally {
    await client.end();
  }
}
