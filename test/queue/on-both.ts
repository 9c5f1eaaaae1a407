import { sql } from 'kysely';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import type { Rest } from '../../src/promotion/ports/rest.ts';
import { type DurableQueueOptions, openDurableQueue } from '../../src/queue/durable-queue.ts';
import type { WorkQueue } from '../../src/queue/work-queue.ts';
import { type PostgresServer, startPostgres } from '../database/start-postgres.ts';
import { makeWorker, type TestWorker } from './worker.ts';

const onError = () => undefined;

export interface Bench {
  database(): Database;
  /** A queue with a worker of its own, as another process has; both end with the test. */
  open(options?: Partial<Omit<DurableQueueOptions, 'database'>>, concurrency?: number): Promise<Opened>;
}

export interface Opened {
  queue: WorkQueue;
  worker: TestWorker;
}

/** The same tests on a real server and on the embedded database; each begins with no tables. */
export function describeOnBoth(tests: (bench: Bench) => void): void {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  describe.each([
    [
      'on a server',
      async () => openDatabase({ url: await server.createDatabase('both'), folder: null, onError }),
    ],
    ['embedded', () => openDatabase({ url: null, folder: null, onError })],
  ])('%s', (_, openThere) => {
    let database: Database;
    let opened: Opened[] = [];

    beforeAll(async () => {
      database = await openThere();
    });
    afterAll(() => database.close());

    afterEach(async () => {
      for (const { worker } of opened) worker.endAll();
      for (const { queue } of opened) await queue.stop();
      opened = [];
      await sql`drop schema if exists pgboss cascade`.execute(database.sql);
      await sql`drop schema if exists sluice cascade`.execute(database.sql);
    });

    tests({
      database: () => database,
      async open(options = {}, concurrency = 4) {
        const worker = makeWorker();
        const queue = await openDurableQueue({
          database,
          log: worker.log,
          work: { run: worker.run, concurrency },
          restOf: (error) => (error instanceof Error && 'rest' in error ? (error.rest as Rest) : null),
          isAlone: false,
          retries: { retryLimit: 2, retryDelay: 0, retryBackoff: false },
          ...options,
        });
        opened.push({ queue, worker });
        return { queue, worker };
      },
    });
  });
}
