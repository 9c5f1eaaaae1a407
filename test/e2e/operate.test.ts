import { Writable } from 'node:stream';
import { PEOPLE, seedStory } from '../../src/cli/demo/story.ts';
import { makeWorld, type World } from '../../src/cli/demo/world.ts';
import { type Started, start } from '../../src/cli/start.ts';
import { METRICS } from '../../src/metrics/table.ts';
import { findFreePort } from '../database/find-free-port.ts';
import { type PostgresServer, startPostgres } from '../database/start-postgres.ts';
import { until } from '../queue/worker.ts';

const LONG_MS = 180_000;
const PASSWORD = 'not-a-secret';
let postgres: PostgresServer;
let world: World;
let started: Started | null = null;
let written: string;

const destination = new Writable({
  write(chunk, _, done) {
    written += String(chunk);
    done();
  },
});

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

beforeEach(async () => {
  written = '';
  world = await makeWorld('acme', PEOPLE);
  await seedStory(world);
}, LONG_MS);
afterEach(async () => {
  world.sandbox.faults.clear();
  await started?.close();
  started = null;
  await world.stop();
}, LONG_MS);

async function startWith(more: Record<string, string>): Promise<Started> {
  const { appId, privateKeyPem, webhookSecret, sandbox } = world;
  started = await start(
    {
      APP_ID: String(appId),
      PRIVATE_KEY: privateKeyPem,
      WEBHOOK_SECRET: webhookSecret,
      GITHUB_API_URL: sandbox.url,
      HOST: '127.0.0.1',
      PORT: '0',
      SLUICE_METRICS_PORT: '0',
      SLUICE_RENDER: 'false',
      ...more,
    },
    'all',
    destination,
  );
  sandbox.setWebhook(appId, { url: started.webhookUrl, secret: webhookSecret });
  return started;
}

const lines = () =>
  written
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const said = (msg: string) => lines().filter((line) => line.msg === msg);

const publish = (tag: string) =>
  world.as('dan').repos.createRelease({ owner: 'acme', repo: 'checkout', tag_name: tag });

async function refuse({ webhookUrl }: Started, signature: string): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': 'guid-of-nobody',
    'x-hub-signature-256': `sha256=${signature}`,
  };
  const { status } = await fetch(webhookUrl, { method: 'POST', headers, body: '{}' });
  expect(status).toBe(400);
}

test(
  'each line of the log tells its delivery, job and promotion, and none tells a secret',
  async () => {
    const signature = 'ab'.repeat(32);
    const running = await startWith({
      LOG_LEVEL: 'trace',
      DATABASE_URL: await postgres.createDatabase('logs'),
    });
    await until(() => said('sweep').length > 0);
    await running.sluice.idle();
    // The error of such a call knows the request with its headers, the token among them.
    const fault = world.sandbox.faults.add({
      call: { method: 'POST', path: /\/pulls$/ },
      effect: { kind: 'answer', status: 403 },
      nth: 1,
    });
    await refuse(running, signature);
    await publish('v2.0.0');
    await until(() => fault.fired > 0 && said('promotion opened').length > 0);
    await running.sluice.idle();

    const [opened] = said('promotion opened');
    expect(opened).toMatchObject({
      repository: 'acme/gitops',
      application: 'checkout',
      to: 'dev',
      pull: expect.any(Number),
      delivery: expect.any(String),
      job: 'reconcile',
      jobId: expect.any(String),
      attempt: expect.any(Number),
    });
    expect(said('delivery taken').map(({ delivery }) => delivery)).toContain(opened!.delivery);
    for (const line of lines().filter(({ jobId }) => jobId !== undefined))
      expect(line).toMatchObject({ repository: expect.any(String), attempt: expect.any(Number) });
    expect(said('webhook refused')).toMatchObject([{ delivery: 'guid-of-nobody', status: 400 }]);

    const { privateKeyPem, webhookSecret } = world;
    for (const secret of [webhookSecret, signature, PASSWORD, privateKeyPem.split('\n')[3]!])
      expect(written).not.toContain(secret);
    expect(written).not.toMatch(/gh[a-z]_\w{10}|eyJ[\w-]{10,}\.|PRIVATE KEY/);
  },
  LONG_MS,
);

test('a database that cannot be reached stops the start, and nobody learns its password', async () => {
  const DATABASE_URL = `postgres://sluice:hunter%2022@127.0.0.1:${await findFreePort()}/none`;
  const error = await startWith({ LOG_LEVEL: 'trace', DATABASE_URL }).catch((reason: unknown) => reason);
  expect(String(error)).toContain('ECONNREFUSED');
  expect(`${error} ${JSON.stringify(error)} ${written}`).not.toMatch(/hunter/);
});

test(
  'metrics tell what happened, on a port of their own, without a name that others choose',
  async () => {
    const running = await startWith({
      LOG_LEVEL: 'info',
      DATABASE_URL: await postgres.createDatabase('metrics'),
    });
    await until(() => said('sweep').length > 0);
    await running.sluice.idle();
    await refuse(running, 'ab'.repeat(32));
    await publish('v2.0.0');
    await until(() => said('promotion merged').length > 0);
    await running.sluice.idle();
    const read = async () => (await fetch(`http://127.0.0.1:${running.metricsPort}/metrics`)).text();
    const text = await read();
    for (const { name } of Object.values(METRICS)) expect(text).toContain(`# TYPE ${name} `);
    for (const line of [
      'sluice_deliveries_total{event="release",result="taken"}',
      'sluice_deliveries_total{event="other",result="refused"} 1',
      'sluice_promotion_actions_total{action="open-promotion",result="done"}',
      'sluice_promotion_actions_total{action="merge-promotion",result="done"} 1',
      'sluice_jobs_total{kind="reconcile",result="done"}',
      'sluice_queue_jobs{state="dead"} 0',
      'sluice_gates_waiting{gate="checks",state="waiting"} 1',
      'sluice_github_requests_total{method="POST",route="/repos/{owner}/{repo}/pulls",status="201"}',
      'sluice_github_rate_limit_remaining{owner="acme"}',
      'sluice_sweeps_total{result="done"} 1',
      'sluice_database_up 1',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      expect(text).toContain(line);
    expect(text).not.toMatch(/gitops|checkout|guid/);
    const url = new URL(running.webhookUrl);
    expect((await fetch(new URL('/metrics', url))).status).toBe(404);
    expect((await fetch(new URL('/readyz', url))).status).toBe(200);

    await postgres.dropDatabase('metrics');
    await until(async () => (await fetch(new URL('/readyz', url))).status === 503);
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
    const without = await read();
    expect(without).toContain('sluice_database_up 0');
    expect(without).not.toContain('sluice_queue_jobs{');
  },
  LONG_MS,
);

test(
  'when it shuts down, nothing more is to be sent here, and what comes all the same is still taken',
  async () => {
    const running = await startWith({
      LOG_LEVEL: 'info',
      DATABASE_URL: await postgres.createDatabase('drain'),
    });
    const url = running.webhookUrl;
    started = null;
    const closed = running.close(60_000);
    expect((await fetch(new URL('/readyz', url))).status).toBe(503);
    await publish('v2.0.0');
    await closed;
    expect(said('delivery taken')).not.toEqual([]);
    await expect(fetch(url)).rejects.toThrow();
  },
  LONG_MS,
);
