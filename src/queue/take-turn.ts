import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { mergeJobs } from '../promotion/merge-jobs.ts';
import type { Job } from '../promotion/ports/jobs.ts';
import type { Log } from '../promotion/ports/log.ts';
import { type Entry, keyOf, ownerOf, WORK } from './names.ts';
import type { Pauses } from './pauses.ts';
import { planLook } from './plan-look.ts';
import { toInsert } from './to-insert.ts';
import type { RunJob } from './work-queue.ts';

export interface TurnContext {
  boss: PgBoss;
  log: Log;
  run: RunJob;
  pauses: Pauses;
  sleepUntilMs: (error: unknown) => number | null;
}

type Taken = JobWithMetadata<Entry>;

/** A later command waits this much longer than the one before it. */
const AFTER_MS = 1_000;

/** Does a job together with all that waits behind it and that it does the work of. Throws when it is to be tried again. */
export async function takeTurn(context: TurnContext, taken: Taken): Promise<void> {
  const { boss, pauses } = context;
  const { job } = taken.data;
  const pausedMs = await pauses.read(ownerOf(job.repository), Date.now());
  if (pausedMs !== null) return postpone(boss, taken, pausedMs);
  const waiting = await boss.findJobs<Entry>(WORK, { key: keyOf(job.repository), queued: true });
  const earlierMs = findEarlier(taken, waiting);
  if (earlierMs !== null) return postpone(boss, taken, earlierMs + AFTER_MS);
  await doTogether(context, taken, findSame(job, waiting));
}

async function doTogether(context: TurnContext, taken: Taken, same: readonly Taken[]): Promise<void> {
  const { boss, run, log } = context;
  const { job, delivery } = taken.data;
  const whole = same.reduce((merged: Job, { data }) => mergeJobs(merged, data.job) ?? merged, job);
  const ids = same.map(({ id }) => id);
  const fields = { repository: job.repository, job: job.kind, delivery, attempt: taken.retryCount };
  try {
    const look = await run(whole);
    if (ids.length > 0) await boss.complete(WORK, ids, null, { includeQueued: true });
    await planLook(boss, job.repository, look, Date.now());
  } catch (error) {
    const untilMs = context.sleepUntilMs(error);
    if (untilMs !== null) {
      log.warn(
        { ...fields, until: new Date(untilMs).toISOString() },
        'GitHub asks to wait; the work sleeps until then',
      );
      await context.pauses.pause(ownerOf(job.repository), untilMs);
      return postpone(boss, taken, untilMs);
    }
    if (ids.length > 0) await boss.fail(WORK, ids, outputOf(error));
    if (taken.retryCount < taken.retryLimit)
      log.warn({ ...fields, err: error }, 'job failed; it is tried again');
    else
      log.error({ ...fields, err: error }, 'job given up; `sluice dead-letters` shows it, and can replay it');
    throw new Error(outputOf(error).message, { cause: error });
  }
}

/** The same job again at a later time; this one counts as done. */
async function postpone(boss: PgBoss, { data }: Taken, untilMs: number): Promise<void> {
  await boss.insert(WORK, [toInsert(data, null, new Date(untilMs))]);
}

/** Jobs that are done with this one, in the order in which they came; those that wait for another try, too. */
function findSame(job: Job, waiting: readonly Taken[]): Taken[] {
  return waiting.filter(({ data }) => mergeJobs(job, data.job) !== null).sort(byAge);
}

/** Commands keep their order: when an earlier one waits, until when this one has to. */
function findEarlier({ data: { job } }: Taken, waiting: readonly Taken[]): number | null {
  if (job.kind !== 'command') return null;
  const times = waiting.flatMap(({ data, startAfter }) =>
    data.job.kind === 'command' && data.job.comment < job.comment ? [startAfter.getTime()] : [],
  );
  return times.length > 0 ? Math.max(Date.now(), ...times) : null;
}

const byAge = (a: Taken, b: Taken) => a.createdOn.getTime() - b.createdOn.getTime();

/** What the dead letter shows: never more of an error than its message. */
function outputOf(error: unknown): { message: string } {
  return { message: error instanceof Error ? error.message : String(error) };
}
