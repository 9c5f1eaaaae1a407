import type { LookAgain } from '../promotion/plan/plan-types.ts';
import type { Job, JobQueue } from '../promotion/ports/jobs.ts';

/** Does one job, and says when to look at the repository again by itself. */
export type RunJob = (job: Job) => Promise<LookAgain>;

/** A queue with somebody who does its work. */
export interface WorkQueue extends JobQueue {
  /** Resolves when nothing waits or runs; jobs that wait for their time to look again do not count. */
  idle(): Promise<void>;
  /** Takes nothing more, and resolves when the running jobs have ended or were given back. */
  stop(): Promise<void>;
}

/** Opens a queue; `run` does its jobs. */
export type OpenQueue = (run: RunJob) => Promise<WorkQueue>;
