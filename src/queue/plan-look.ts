import type { PgBoss } from 'pg-boss';
import { mergeJobs, reconcileJob } from '../promotion/merge-jobs.ts';
import type { LookAgain } from '../promotion/plan/plan-types.ts';
import type { Job } from '../promotion/ports/jobs.ts';
import type { PlaceInLine } from './due-times.ts';
import { keyOf, LOOKS, type Look, WORK } from './names.ts';
import { toInsert } from './to-insert.ts';

/** One look at a time waits for each repository: the earliest, at all that was to be looked at. */
export async function planLook(
  boss: PgBoss,
  repository: string,
  { lookAgainMs, lookAt }: LookAgain,
  nowMs: number,
): Promise<void> {
  if (lookAgainMs === null) return;
  const singletonKey = keyOf(repository);
  const [planned] = await boss.findJobs<Look>(LOOKS, { key: singletonKey, queued: true, limit: 1 });
  const atMs = Math.min(nowMs + lookAgainMs, planned?.startAfter.getTime() ?? Number.POSITIVE_INFINITY);
  const all = [...new Set([...(planned?.data.lookAt ?? []), ...lookAt])];
  await boss.upsert(LOOKS, { repository, lookAt: all }, { singletonKey, startAfter: new Date(atMs) });
}

/** One job of its kind waits for each repository: at the earliest time, for all that it was asked for. */
export async function planJob(boss: PgBoss, job: Job, delayMs: number, nowMs: number): Promise<void> {
  const { repository, kind } = job;
  const singletonKey = `${kind} ${keyOf(repository)}`;
  const [planned] = await boss.findJobs<Look>(LOOKS, { key: singletonKey, queued: true, limit: 1 });
  const atMs = Math.min(nowMs + delayMs, planned?.startAfter.getTime() ?? Number.POSITIVE_INFINITY);
  const earlier = planned?.data.job;
  const merged = (earlier && mergeJobs(earlier, job)) ?? job;
  await boss.upsert(
    LOOKS,
    { repository, lookAt: [], job: merged },
    { singletonKey, startAfter: new Date(atMs) },
  );
}

/** The time has come: it is a job as any other. */
export async function takeLook(
  boss: PgBoss,
  { repository, lookAt, job = reconcileJob(repository, { lookAt }) }: Look,
  placeInLine: PlaceInLine,
): Promise<void> {
  await boss.insert(WORK, [toInsert({ job, delivery: null }, { priority: placeInLine(job, null) })]);
}
