import type { PgBoss } from 'pg-boss';
import { reconcileJob } from '../promotion/merge-jobs.ts';
import type { LookAgain } from '../promotion/plan/plan-types.ts';
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

/** The time has come: the look is a job as any other. */
export async function takeLook(
  boss: PgBoss,
  { repository, lookAt }: Look,
  placeInLine: PlaceInLine,
): Promise<void> {
  const job = reconcileJob(repository, { lookAt });
  await boss.insert(WORK, [toInsert({ job, delivery: null }, { priority: placeInLine(job, null) })]);
}
