import { LRUCache } from 'lru-cache';
import type { Job } from '../promotion/ports/jobs.ts';
import { isUrgent, ownerOf } from './names.ts';

/** Gives a job its place: as a priority for the database, where the greatest comes first. */
export type PlaceInLine = (job: Job, delivery: string | null) => number;

/** So that the numbers stay small: 2026-01-01. */
const BEGIN_S = 1_767_225_600;
/** People wait for an answer, and may want to stop what routine work does: before all that came within a day. */
const URGENT_EARLIER_S = 24 * 60 * 60;
/** A sweep or a look that is due tells nothing new. */
const SWEEP_LATER_S = 60;
/** Nothing is promoted by what is shown. */
const DASHBOARD_LATER_S = 120;
const MOST_LINES = 10_000;

/**
 * Earliest due first. A job is due now, or a second after the one before it of the same owner and kind: so an owner who
 * brings hundreds at once spreads them over minutes, and another one's job comes in between, however many owners do so.
 * Nothing is overtaken for ever, since what comes later is due later. Each process keeps its own lines, and a clock that
 * is a little off costs a few places.
 *
 * @param now milliseconds since the epoch
 */
export function makeDueTimes(now: () => number): PlaceInLine {
  const lastDueS: LRUCache<string, number> = new LRUCache({ max: MOST_LINES });
  return (job, delivery) => {
    const line = lineOf(job, delivery);
    const key = `${line} ${ownerOf(job.repository)}`;
    const dueS = Math.max(Math.floor(now() / 1_000) - BEGIN_S, (lastDueS.get(key) ?? 0) + 1);
    lastDueS.set(key, dueS);
    return -(dueS + LATER_S[line]);
  };
}

const LATER_S = { urgent: -URGENT_EARLIER_S, news: 0, sweep: SWEEP_LATER_S, dashboard: DASHBOARD_LATER_S };

function lineOf(job: Job, delivery: string | null): keyof typeof LATER_S {
  if (isUrgent(job)) return 'urgent';
  if (job.kind === 'dashboard') return 'dashboard';
  return delivery === null ? 'sweep' : 'news';
}
