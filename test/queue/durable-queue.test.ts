import { sql } from 'kysely';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { reconcileJob } from '../../src/promotion/merge-jobs.ts';
import type { Job } from '../../src/promotion/ports/jobs.ts';
import { makeRestError, type Rest } from '../../src/promotion/ports/rest.ts';
import { openDeadLetters } from '../../src/queue/dead-letters.ts';
import { openDurableQueue } from '../../src/queue/durable-queue.ts';
import type { WorkQueue } from '../../src/queue/work-queue.ts';
import { type PostgresServer, startPostgres } from '../database/start-postgres.ts';
import { makeWorker, type TestWorker, until } from './worker.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const FLEET = 'acme/fleet';
const command = (comment: number, repository = FLEET): Job => ({ kind: 'command', repository, comment });
const onError = () => undefined;
let databases = 0;

describe.each([
  [
    'on a server',
    async () => {
      databases += 1;
      const name = `queue_${databases}`;
      return openDatabase({ url: await server.createDatabase(name), folder: null, onError });
    },
  ],
  ['embedded', () => openDatabase({ url: null, folder: null, onError })],
])('%s', (_, open) => {
  let database: Database;
  let queue: WorkQueue;
  let worker: TestWorker;
  const isAlone = true;

  const start = (concurrency = 3) =>
    openDurableQueue({
      database,
      log: worker.log,
      work: { run: worker.run, concurrency },
      restOf: (error) => (error instanceof Error && 'rest' in error ? (error.rest as Rest) : null),
      isAlone,
      retries: { retryLimit: 2, retryDelay: 0, retryBackoff: false },
    });

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    worker = makeWorker();
    queue = await start();
  });
  afterEach(async () => {
    worker.endAll();
    await queue.stop();
    await sql`drop schema if exists pgboss cascade`.execute(database.sql);
    await sql`drop schema if exists sluice cascade`.execute(database.sql);
  });

  test('jobs of one repository run one at a time and in order, those of another beside them', async () => {
    await queue.add(command(1));
    await queue.add(command(2));
    await queue.add(command(9, 'other/fleet'));
    await worker.started(2);
    expect(worker.running().sort()).toEqual(['acme/fleet #1', 'other/fleet #9']);
    worker.end('acme/fleet #1');
    await worker.started(3);
    expect(worker.running().sort()).toEqual(['acme/fleet #2', 'other/fleet #9']);
  });

  test('what is for later comes once, merged, at the earliest time that was asked for', async () => {
    const show = (view: string, more = {}): Job => ({
      ...{ kind: 'dashboard', repository: FLEET, look: { view, atMs: 1 } },
      ...more,
    });
    await queue.addLater(show('a', { isCheck: true }), 60_000);
    await queue.addLater(show('b'), 0);
    await queue.addLater(show('c'), 60_000);
    await worker.started(1);
    expect(worker.jobs).toEqual([show('c', { isCheck: true })]);
  });

  test('looks that wait become one, with all that each was for', async () => {
    await queue.add(command(1));
    await worker.started(1);
    for (const source of ['acme/a', 'acme/b', 'acme/a'])
      await queue.add(reconcileJob(FLEET, { lookAt: [source] }));
    worker.end('acme/fleet #1');
    await worker.started(2);
    expect(worker.jobs[1]).toEqual(reconcileJob(FLEET, { lookAt: ['acme/a', 'acme/b'] }));
    worker.end('acme/fleet look');
    await queue.idle();
    expect(worker.jobs).toHaveLength(2);
  });

  test('commands come before looks, whoever was first', async () => {
    // Of two that take at the same moment, one may pass over what the other has in its hands.
    await queue.stop();
    queue = await start(1);
    await queue.add(command(1));
    await worker.started(1);
    await queue.add(reconcileJob(FLEET));
    await queue.add(command(2));
    worker.end('acme/fleet #1');
    await worker.started(2);
    expect(worker.running()).toEqual(['acme/fleet #2']);
  });

  test('a delivery that was done is not done again, and one that waits is not done twice', async () => {
    const origin = { delivery: 'guid-1', index: 0 };
    await queue.add(command(1), origin);
    await queue.add(command(1), origin);
    await worker.started(1);
    worker.end('acme/fleet #1');
    await queue.idle();
    await queue.add(command(1), origin);
    await queue.add(command(1), { delivery: 'guid-2', index: 0 });
    await worker.started(2);
    worker.endAll();
    await queue.idle();
    expect(worker.jobs).toHaveLength(2);
  });

  test('a delivery and its redelivery at the same moment are both taken, and done once', async () => {
    const origin = { delivery: 'guid-1', index: 0 };
    // While the first is on its way the others wait together.
    await Promise.all([
      queue.add(command(1), { delivery: 'guid-0', index: 0 }),
      queue.add(command(2), origin),
      queue.add(command(2), origin),
      queue.add(command(3), { delivery: 'guid-2', index: 0 }),
    ]);
    for (const comment of [1, 2, 3]) {
      await worker.started(comment);
      worker.end(`acme/fleet #${comment}`);
    }
    await queue.idle();
    expect(worker.jobs).toEqual([command(1), command(2), command(3)]);
  });

  test('what cannot be kept is refused alone, and what came with it is taken', async () => {
    const dispatch = (payload: object): Job => {
      const build = {
        repository: 'acme/app',
        type: 'built',
        payload: { ...payload },
        order: 1,
        sender: null,
      };
      return { kind: 'source', repository: 'acme/app', builds: [build] };
    };
    const added = await Promise.allSettled([
      queue.add(command(1)),
      queue.add(dispatch({ tag: 'v1\u0000' })),
      queue.add(command(2, 'other/fleet')),
    ]);
    expect(added.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await worker.started(2);
    expect(worker.running().sort()).toEqual(['acme/fleet #1', 'other/fleet #2']);
  });

  test('what fails is tried again; after the last try it is a dead letter that can be replayed', async () => {
    worker.failing.add('acme/fleet #1');
    await queue.add(command(1), { delivery: 'guid-1', index: 0 });
    await queue.idle();
    expect(worker.jobs).toHaveLength(3);
    expect(worker.told).toContainEqual(expect.stringContaining('error: job given up'));

    const letters = await openDeadLetters(database);
    const [letter] = await letters.list();
    expect(letter).toMatchObject({ job: command(1), delivery: 'guid-1', error: 'GitHub answered 502' });
    worker.failing.clear();
    expect(await letters.replay([letter!.id])).toBe(1);
    expect(await letters.list()).toEqual([]);
    await letters.close();
    await worker.started(4);
    worker.endAll();
    await queue.idle();
  });

  test('a redelivery of what failed for good is tried again', async () => {
    worker.failing.add('acme/fleet #1');
    await queue.add(command(1), { delivery: 'guid-1', index: 0 });
    await queue.idle();
    worker.failing.clear();
    await queue.add(command(1), { delivery: 'guid-1', index: 0 });
    await worker.started(4);
    worker.endAll();
    await queue.idle();
    expect(worker.jobs).toHaveLength(4);
  });

  test('when GitHub asks to wait, the owner sleeps in the queue, and nobody else', async () => {
    const untilMs = Date.now() + 3_600_000;
    const rest = { untilMs, sparesUrgent: false, limit: 'secondary' } as const;
    worker.errors.set('acme/fleet #1', makeRestError('slow down', rest));
    await queue.add(command(1));
    await queue.idle();
    await queue.add(command(2, 'acme/web'));
    await queue.add(command(3, 'other/fleet'));
    await worker.started(2);
    worker.endAll();
    await queue.idle();
    expect(worker.jobs).toEqual([command(1), command(3, 'other/fleet')]);
  });

  test('a look that is due later comes by itself, once', async () => {
    await queue.add(reconcileJob(FLEET));
    await worker.started(1);
    worker.end('acme/fleet look', { lookAgainMs: 1, lookAt: ['acme/a'] });
    await worker.started(2);
    expect(worker.jobs[1]).toEqual(reconcileJob(FLEET, { lookAt: ['acme/a'] }));
    worker.endAll();
    await queue.idle();
    expect(worker.jobs).toHaveLength(2);
  });

  test('a process that ends finishes what runs, and the next one goes on with what waits', async () => {
    await queue.add(command(1));
    await queue.add(command(2));
    await worker.started(1);
    const stopped = queue.stop();
    worker.end('acme/fleet #1');
    await stopped;
    expect(worker.jobs).toHaveLength(1);
    queue = await start();
    await worker.started(2);
    expect(worker.running()).toEqual(['acme/fleet #2']);
  });

  test('when somebody drops the tables, they are made again and the work goes on', async () => {
    await sql`drop schema pgboss cascade`.execute(database.sql);
    await sql`drop schema sluice cascade`.execute(database.sql);
    await queue.add(command(1));
    await worker.started(1);
    worker.endAll();
    await until(async () => worker.jobs.length === 1);
    await queue.idle();
  });
});
