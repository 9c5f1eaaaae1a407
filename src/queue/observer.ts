import type { Job } from '../promotion/ports/jobs.ts';
import type { Rest } from '../promotion/ports/rest.ts';

/** Told what becomes of the work; for metrics. */
export interface QueueObserver {
  /** `dead`: given up; `asleep`: GitHub asked to wait. */
  jobEnded(kind: Job['kind'], result: 'done' | 'failed' | 'dead' | 'asleep', durationMs: number): void;
  paused(limit: Rest['limit']): void;
}

export const NO_OBSERVER: QueueObserver = { jobEnded() {}, paused() {} };
