import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Database } from '../database/database.ts';
import type { Job, Origin } from '../promotion/ports/jobs.ts';
import type { Log } from '../promotion/ports/log.ts';
import { makeBatcher } from './batch.ts';
import { type Entry, LOOKS, type Look, RETRIES, type Retries, WORK } from './names.ts';
import { isGone, openBoss } from './open-boss.ts';
import { makePauses } from './pauses.ts';
import { takeLook } from './plan-look.ts';
import { takeTurn } from './take-turn.ts';
import { toInsert } from './to-insert.ts';
import type { RunJob, WorkQueue } from './work-queue.ts';

export interface DurableQueueOptions {
  database: Database;
  log: Log;
  /** Null: this process takes work in and leaves it to others. */
  work: { run: RunJob /** Repositories side by side. */; concurrency: number } | null;
  /** When an error asks to wait, until when, in milliseconds since the epoch; null for any other error. */
  sleepUntilMs: (error: unknown) => number | null;
  /** No other process uses this database: what runs in it was left behind by one that died. */
  isAlone: boolean;
  retries?: Retries;
}

const MOST_IN_BATCH = 500;
const IDLE_POLL_MS = 25;
/** Notifications wake the workers; this is for what falls due, and for those that got lost. */
const POLL_S = 2;
/** Kubernetes gives 30 s before it kills. */
const GRACE_MS = 20_000;

/**
 * Jobs in PostgreSQL: kept before anybody is told, those of one repository one at a time on however many processes,
 * tried again with backoff, and laid aside where people find them after the last try.
 */
export async function openDurableQueue(options: DurableQueueOptions): Promise<WorkQueue> {
  const { database, log, work, isAlone, retries = RETRIES } = options;
  const { boss, repair } = await openBoss(database, log, { isWorker: work !== null, retries });
  if (isAlone) await giveBack(boss);
  const stopWork = work ? await startWork(boss, options, work) : async () => {};
  const write = makeBatcher(
    (batch: readonly { job: Job; origin: Origin | null }[]) => insert(boss, batch),
    MOST_IN_BATCH,
  );
  return {
    async add(job, origin) {
      const entry = { job, origin: origin ?? null };
      await write(entry).catch(async (error: unknown) => {
        if (!isGone(error)) throw error;
        await repair();
        await write(entry);
      });
    },
    async idle() {
      const isAtWork = () =>
        isBusy(boss).catch(async (error: unknown) => {
          if (!isGone(error)) throw error;
          await repair();
          return true;
        });
      while (await isAtWork()) await new Promise((resolve) => setTimeout(resolve, IDLE_POLL_MS));
    },
    async stop() {
      await stopWork();
      await boss.stop({ graceful: true, timeout: GRACE_MS });
    },
  };
}

async function startWork(
  boss: PgBoss,
  { database, log, sleepUntilMs }: DurableQueueOptions,
  { run, concurrency }: { run: RunJob; concurrency: number },
): Promise<() => Promise<void>> {
  const context = { boss, log, run, sleepUntilMs, pauses: makePauses(database.sql) };
  // A worker that has done something looks for more at once, and so do those that had to leave the repository to it.
  const wakeAll = () => {
    for (const { id, name } of boss.getWipData()) if (name === WORK) boss.notifyWorker(id);
  };
  const options = {
    includeMetadata: true as const,
    pollingIntervalSeconds: POLL_S,
    notifyPollingIntervalSeconds: POLL_S,
    localConcurrency: concurrency,
    // One owner with many repositories leaves room for the others.
    localGroupConcurrency: Math.max(1, concurrency - 1),
  };
  await boss.work<Entry, void, typeof options>(WORK, options, async ([taken]) => {
    try {
      if (taken) await takeTurn(context, taken as JobWithMetadata<Entry>);
    } finally {
      wakeAll();
    }
  });
  await boss.work<Look>(LOOKS, { pollingIntervalSeconds: POLL_S }, async ([due]) => {
    if (due) await takeLook(boss, due.data);
  });
  return async () => {
    await Promise.all([boss.offWork(WORK, { wait: false }), boss.offWork(LOOKS, { wait: false })]);
  };
}

async function insert(boss: PgBoss, batch: readonly { job: Job; origin: Origin | null }[]): Promise<void> {
  const jobs = batch.map(({ job, origin }) => toInsert({ job, delivery: origin?.delivery ?? null }, origin));
  const inserted = new Set(await boss.insert(WORK, jobs, { returnId: true }));
  const known = jobs.flatMap(({ id }) => (id !== undefined && !inserted.has(id) ? [id] : []));
  if (known.length > 0) await tryFailedAgain(boss, known);
}

/** A delivery that comes again: what was done or waits is left alone, what failed for good is tried again. */
async function tryFailedAgain(boss: PgBoss, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const [found] = await boss.findJobs<Entry>(WORK, { id });
    if (found?.state === 'failed') await boss.retry(WORK, id);
  }
}

async function isBusy(boss: PgBoss): Promise<boolean> {
  const { rows } = await boss.getDb().executeSql(
    `select 1 from pgboss.job where name = $1 and (state in ('active', 'retry') or (state = 'created' and start_after <= now()))
     union all select 1 from pgboss.job where name = $2 and (state = 'active' or (state < 'active' and start_after <= now())) limit 1`,
    [WORK, LOOKS],
  );
  return rows.length > 0;
}

/** What the process before this one had begun is begun again at once, without waiting for its heartbeat to stop. */
async function giveBack(boss: PgBoss): Promise<void> {
  await boss
    .getDb()
    .executeSql(
      `update pgboss.job set state = 'retry', start_after = now() where name in ($1, $2) and state = 'active'`,
      [WORK, LOOKS],
    );
}
