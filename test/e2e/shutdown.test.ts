import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ORGANIZATION, PEOPLE, seedStory } from '../../src/cli/demo/story.ts';
import { makeWorld, type World } from '../../src/cli/demo/world.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { buildApp } from '../build-app.ts';
import { type PostgresServer, startPostgres } from '../database/start-postgres.ts';
import { until } from '../queue/worker.ts';
import { type AppProcess, runApp } from './app-process.ts';

const LONG_MS = 300_000;
let postgres: PostgresServer;
let world: World;
let processes: AppProcess[] = [];

beforeAll(async () => {
  await buildApp();
  postgres = await startPostgres();
}, LONG_MS);
afterAll(() => postgres.stop());

beforeEach(async () => {
  world = await makeWorld(ORGANIZATION, PEOPLE);
  await seedStory(world);
}, LONG_MS);
afterEach(async () => {
  world.sandbox.faults.clear();
  for (const each of processes) each.kill('SIGKILL');
  await Promise.all(processes.map(({ ended }) => ended));
  processes = [];
  await world.stop();
}, LONG_MS);

function run(role: 'start' | 'worker', env: Record<string, string>): AppProcess {
  const { appId, privateKeyPem, webhookSecret, sandbox } = world;
  const app = runApp(role, {
    APP_ID: String(appId),
    PRIVATE_KEY: privateKeyPem,
    WEBHOOK_SECRET: webhookSecret,
    GITHUB_API_URL: sandbox.url,
    SLUICE_RENDER: 'false',
    ...env,
  });
  processes.push(app);
  return app;
}

/** Has GitHub not answer the first look at the GitOps repository. */
const hang = (): Fault =>
  world.sandbox.faults.add({
    call: { path: /^\/repos\/acme\/gitops\/(git\/trees|tarball)\// },
    effect: { kind: 'hang' },
    nth: 1,
  });

/** What a process has given back, and nobody has begun again. */
const WAITS_AGAIN = "name = 'sluice-work' and state = 'retry' and singleton_key = 'acme/gitops'";

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The second try of a job of the GitOps repository, when it is done. */
const secondTry = ({ lines }: AppProcess) =>
  lines.find(
    ({ msg, attempt, repository }) => msg === 'job done' && attempt === 2 && repository === 'acme/gitops',
  );

test(
  'SIGTERM in the middle of a job: it is given back, the process ends well, and another one goes on',
  async () => {
    const DATABASE_URL = await postgres.createDatabase('sigterm');
    const fault = hang();
    const first = run('worker', { DATABASE_URL, SLUICE_GRACE_S: '1' });
    await until(() => fault.fired === 1);
    first.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.lines).toContainEqual(
      expect.objectContaining({ msg: 'jobs did not end in time; they are given back' }),
    );
    const [given] = await ask(DATABASE_URL, `select id from pgboss.job where ${WAITS_AGAIN}`);
    run('worker', { DATABASE_URL });
    const job = async () =>
      (await ask(DATABASE_URL, `select * from pgboss.job where id = '${given!.id}'`))[0]!;
    await until(async () => (await job()).state === 'completed');
    // Nobody waited for its heartbeat to stop.
    expect(JSON.stringify((await job()).output)).not.toContain('heartbeat');
  },
  LONG_MS,
);

test(
  'SIGTERM when a job ends in time: it is done, and the process ends well',
  async () => {
    const DATABASE_URL = await postgres.createDatabase('in_time');
    const fault = hang();
    const app = run('worker', { DATABASE_URL });
    await until(() => fault.fired === 1);
    app.kill('SIGTERM');
    await until(() => app.lines.some(({ msg }) => msg === 'shutting down'));
    fault.release();
    expect(await app.ended).toBe(0);
    expect(app.lines).toContainEqual(
      expect.objectContaining({ msg: 'job done', repository: 'acme/gitops', attempt: 1 }),
    );
  },
  LONG_MS,
);

test(
  'SIGKILL in the middle of a job: another process goes on when its heartbeat has stopped',
  async () => {
    const DATABASE_URL = await postgres.createDatabase('sigkill');
    const fault = hang();
    const first = run('worker', { DATABASE_URL });
    await until(() => fault.fired === 1);
    first.kill('SIGKILL');
    await first.ended;
    // As if the 30 s were over.
    const [killed] = await ask(
      DATABASE_URL,
      `update pgboss.job set heartbeat_on = now() - interval '1 hour'
        where state = 'active' and singleton_key = 'acme/gitops' and heartbeat_seconds = 30 returning id`,
    );
    const second = run('worker', { DATABASE_URL });
    // Another job of the repository may do its work.
    const state = `select state from pgboss.job where id = '${killed!.id}'`;
    await until(async () => (await ask(DATABASE_URL, state))[0]!.state === 'completed');
    const isDone = ({ msg, repository }: Record<string, unknown>) =>
      msg === 'job done' && repository === 'acme/gitops';
    await until(() => second.lines.some(isDone));
  },
  LONG_MS,
);

test(
  'SIGKILL of the only process, with the embedded database: it goes on when it starts again',
  async () => {
    const SLUICE_DATA = await mkdtemp(join(tmpdir(), 'sluice-kill-'));
    try {
      const fault = hang();
      const first = run('start', { SLUICE_DATA });
      await until(() => fault.fired === 1);
      first.kill('SIGKILL');
      await first.ended;
      const second = run('start', { SLUICE_DATA });
      await until(() => secondTry(second) !== undefined);
      second.kill('SIGTERM');
      expect(await second.ended).toBe(0);
    } finally {
      await rm(SLUICE_DATA, { recursive: true, force: true });
    }
  },
  LONG_MS,
);
