import { setTimeout as delay } from 'node:timers/promises';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Database } from '../database/database.ts';
import { isGone } from '../database/is-gone.ts';
import type { Job, Origin } from '../promotion/ports/jobs.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { Rest } from '../promotion/ports/rest.ts';
import { makeBatcher } from './batch.ts';
import { makeDueTimes, type PlaceInLine } from './due-times.ts';
import { giveBack, takeUpLeft } from './give-back.ts';
import { type Entry, LOOKS, type Look, RETRIES, type Retries, WORK } from './names.ts';
import { NO_OBSERVER, type QueueObserver } from './observer.ts';
import { openBoss } from './open-boss.ts';
import { makePauses } from './pauses.ts';
import { planJob, takeLook } from './plan-look.ts';
import { takeTurn } from './take-turn.ts';
import { toInsert } from './to-insert.ts';
import type { RunJob, WorkQueue } from './work-queue.ts';

export interface DurableQueueOptions {
  database: Database;
  log: Log;
  /** Null: this process takes work in and leaves it to others. */
  work: { run: RunJob /** Repositories side by side. */; concurrency: number } | null;
  /** What an error asks to be left alone with, and until when; null for any other error. */
  restOf: (error: unknown) => Rest | null;
  /** No other process uses this database: what runs in it was left behind by one that died. */
  isAlone: boolean;
  /** How long running jobs may go on when it stops; then they are given back, and another process begins them again. */
  graceMs?: number;
  retries?: Retries;
  /** The clock that the line and leases go by: milliseconds since the epoch; the real one when left out. */
  now?: () => number;
  observer?: QueueObserver;
}

type Taken = JobWithMetadata<Entry>;

const MOST_IN_BATCH = 500;
const IDLE_POLL_MS = 25;
/** Notifications wake the workers; this is for what falls due, and for those that got lost. */
const POLL_S = 2;
const DEFAULT_GRACE_MS = 20_000;

/**
 * Jobs in PostgreSQL: kept before anybody is told, those of one repository one at a time on however many processes,
 * tried again with backoff, and laid aside where people find them after the last try.
 */
export async function openDurableQueue(options: DurableQueueOptions): Promise<WorkQueue> {
  const { database, log, work, isAlone, graceMs = DEFAULT_GRACE_MS, retries = RETRIES } = options;
  const { boss, repair } = await openBoss(database, log, { isWorker: work !== null, retries });
  if (isAlone) await takeUpLeft(boss);
  const placeInLine = makeDueTimes(options.now ?? Date.now);
  const worker = work ? await startWork(boss, options, work, placeInLine) : null;
  const write = makeBatcher(
    (batch: readonly { job: Job; origin: Origin | null }[]) => insert(boss, batch, placeInLine),
    { mostInBatch: MOST_IN_BATCH, isOfOne: isUnwritable },
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
    addLater: (job, delayMs) => planJob(boss, job, delayMs, Date.now()),
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
      const left = (await worker?.stop(graceMs)) ?? [];
      if (left.length > 0) {
        const jobs = left.map(({ id, data }) => ({ id, repository: data.job.repository }));
        log.warn({ jobs }, 'jobs did not end in time; they are given back');
        await giveBack(boss, left);
      }
      await boss.stop({ graceful: false });
    },
  };
}

async function startWork(
  boss: PgBoss,
  { database, log, restOf, observer = NO_OBSERVER, now = Date.now }: DurableQueueOptions,
  { run, concurrency }: { run: RunJob; concurrency: number },
  placeInLine: PlaceInLine,
): Promise<{ stop(graceMs: number): Promise<Taken[]> }> {
  const running = new Set<Taken>();
  const context = { boss, log, run, restOf, observer, now, pauses: makePauses(database.sql) };
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
    if (!taken) return;
    running.add(taken);
    try {
      await takeTurn(context, taken);
    } finally {
      running.delete(taken);
      wakeAll();
    }
  });
  await boss.work<Look>(LOOKS, { pollingIntervalSeconds: POLL_S }, async ([due]) => {
    if (due) await takeLook(boss, due.data, placeInLine);
  });
  return {
    /** Takes nothing more, and resolves with what has not ended in time. */
    async stop(graceMs) {
      const timer = new AbortController();
      const late = delay(graceMs, undefined, { signal: timer.signal }).catch(() => undefined);
      await Promise.race([Promise.all([boss.offWork(WORK), boss.offWork(LOOKS)]), late]);
      timer.abort();
      return [...running];
    },
  };
}

async function insert(
  boss: PgBoss,
  batch: readonly { job: Job; origin: Origin | null }[],
  placeInLine: PlaceInLine,
): Promise<void> {
  const all = batch.map(({ job, origin }) => {
    const delivery = origin?.delivery ?? null;
    return toInsert({ job, delivery }, { priority: placeInLine(job, delivery), origin });
  });
  // A delivery may come again while it is still on its way.
  const ids = new Set<string>();
  const jobs = all.filter(({ id }) => id === undefined || (!ids.has(id) && ids.add(id)));
  const inserted = new Set(await boss.insert(WORK, jobs, { returnId: true }));
  const known = jobs.flatMap(({ id }) => (id !== undefined && !inserted.has(id) ? [id] : []));
  if (known.length > 0) await tryFailedAgain(boss, known);
}

/** A delivery that comes again: what was done or waits is left alone, what failed for good is tried again. */
async function tryFailedAgain(boss: PgBoss, ids: readonly string[]): Promise<void> {
  const { rows } = await boss
    .getDb()
    .executeSql(`select id from pgboss.job where name = $1 and id = any($2::uuid[]) and state = 'failed'`, [
      WORK,
      ids,
    ]);
  if (rows.length > 0)
    await boss.retry(
      WORK,
      rows.map(({ id }) => id),
    );
}

/**
 * PostgreSQL cannot keep what somebody wrote, a NUL character say: that is no reason to refuse the others.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html, class 22
 */
function isUnwritable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^22/.test(String(error.code));
}

async function isBusy(boss: PgBoss): Promise<boolean> {
  const { rows } = await boss.getDb().executeSql(
    `select 1 from pgboss.job where name = $1 and (state in ('active', 'retry') or (state = 'created' and start_after <= pgboss.job_now()))
     union all select 1 from pgboss.job where name = $2 and (state = 'active' or (state < 'active' and start_after <= pgboss.job_now())) limit 1`,
    [WORK, LOOKS],
  );
  return rows.length > 0;
}
