import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { mergeJobs } from '../promotion/merge-jobs.ts';
import type { Job } from '../promotion/ports/jobs.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { Rest } from '../promotion/ports/rest.ts';
import { runAs } from './current-job.ts';
import { findEarlierCommand } from './find-earlier-command.ts';
import { makeLease } from './lease.ts';
import { type Entry, isUrgent, keyOf, ownerOf, WORK } from './names.ts';
import type { QueueObserver } from './observer.ts';
import type { Pauses } from './pauses.ts';
import { planLook } from './plan-look.ts';
import { toInsert } from './to-insert.ts';
import type { RunJob } from './work-queue.ts';

export interface TurnContext {
  boss: PgBoss;
  log: Log;
  run: RunJob;
  pauses: Pauses;
  restOf: (error: unknown) => Rest | null;
  observer: QueueObserver;
  /** Milliseconds since the epoch. */
  now: () => number;
}

type Taken = JobWithMetadata<Entry>;

/** A later command waits this much longer than the one before it. */
const AFTER_MS = 1_000;

/**
 * While routine work waits because much was created, the dashboard shows it: a new text creates nothing. The first one
 * does, and is refused by itself.
 */
function createsLittle({ kind }: Job): boolean {
  return kind === 'dashboard';
}

/** Does a job together with all that waits behind it and that it does the work of. Throws when it is to be tried again. */
export async function takeTurn(context: TurnContext, taken: Taken): Promise<void> {
  const { boss, pauses } = context;
  const { job, delivery } = taken.data;
  const isSpared = isUrgent(job) || createsLittle(job);
  const pausedMs = await pauses.read(ownerOf(job.repository), Date.now(), isSpared);
  if (pausedMs !== null) return postpone(boss, taken, pausedMs);
  const earlierMs = job.kind === 'command' ? await findEarlierCommand(boss, job) : null;
  if (earlierMs !== null) return postpone(boss, taken, Math.max(Date.now(), earlierMs) + AFTER_MS);
  const fields = {
    repository: job.repository,
    job: job.kind,
    jobId: taken.id,
    delivery,
    attempt: taken.retryCount + 1,
  };
  const confirm = makeLease(boss, taken, context.now);
  await runAs({ fields, isUrgent: isUrgent(job), confirm }, async () => {
    await doTogether(context, taken, await findSame(boss, job), fields);
  });
}

async function doTogether(
  context: TurnContext,
  taken: Taken,
  same: readonly Taken[],
  fields: Record<string, unknown>,
): Promise<void> {
  const { boss, run, log, observer } = context;
  const { job } = taken.data;
  const whole = same.reduce((merged: Job, { data }) => mergeJobs(merged, data.job) ?? merged, job);
  const ids = same.map(({ id }) => id);
  const startedMs = performance.now();
  const tell = (result: Parameters<QueueObserver['jobEnded']>[1]) => {
    const durationMs = Math.round(performance.now() - startedMs);
    observer.jobEnded(job.kind, result, durationMs);
    return { ...fields, durationMs };
  };
  try {
    const look = await run(whole);
    if (ids.length > 0) await boss.complete(WORK, ids, null, { includeQueued: true });
    await planLook(boss, job.repository, look, Date.now());
    const together = same.flatMap(({ data }) => data.delivery ?? []);
    log.info({ ...tell('done'), ...(together.length > 0 && { together }) }, 'job done');
  } catch (error) {
    const rest = context.restOf(error);
    if (rest) {
      await sleep(context, taken, rest);
      const until = new Date(rest.untilMs).toISOString();
      log.warn({ ...tell('asleep'), limit: rest.limit, until }, 'GitHub asks to wait; the work sleeps');
      return;
    }
    if (ids.length > 0) await boss.fail(WORK, ids, outputOf(error));
    if (taken.retryCount < taken.retryLimit)
      log.warn({ ...tell('failed'), err: error }, 'job failed; it is tried again');
    else
      log.error(
        { ...tell('dead'), err: error },
        'job given up; `sluice dead-letters` shows it, and can replay it',
      );
    throw new Error(outputOf(error).message, { cause: error });
  }
}

/** All work of the owner that is meant sleeps, in whichever process it would be done. */
async function sleep({ boss, pauses, observer }: TurnContext, taken: Taken, rest: Rest): Promise<void> {
  await pauses.pause(ownerOf(taken.data.job.repository), rest.untilMs, rest.sparesUrgent);
  observer.paused(rest.limit);
  await postpone(boss, taken, rest.untilMs);
}

/** The same job again at a later time, at its old place in the line; this one counts as done. */
async function postpone(boss: PgBoss, { data, priority }: Taken, untilMs: number): Promise<void> {
  await boss.insert(WORK, [toInsert(data, { priority, startAfter: new Date(untilMs) })]);
}

/** Jobs that are done with this one, in the order in which they came; those that wait for another try, too. */
async function findSame(boss: PgBoss, job: Job): Promise<Taken[]> {
  if (job.kind === 'command') return [];
  const waiting = await boss.findJobs<Entry>(WORK, { key: keyOf(job.repository), queued: true });
  return waiting.filter(({ data }) => mergeJobs(job, data.job) !== null).sort(byAge);
}

const byAge = (a: Taken, b: Taken) => a.createdOn.getTime() - b.createdOn.getTime();

/** What the dead letter shows: never more of an error than its message. */
function outputOf(error: unknown): { message: string } {
  return { message: error instanceof Error ? error.message : String(error) };
}
