import { mergeJobs, reconcileJob } from '../../src/promotion/merge-jobs.ts';
import type { LookAgain } from '../../src/promotion/plan/plan-types.ts';
import type { Job } from '../../src/promotion/ports/jobs.ts';
import type { Log } from '../../src/promotion/ports/log.ts';
import type { OpenQueue, RunJob, WorkQueue } from '../../src/queue/work-queue.ts';
import { makeMemorySources } from './memory-sources.ts';

export interface MemoryQueueOptions {
  run: RunJob;
  log: Log;
  /** Jobs of different repositories that run side by side. */
  concurrency: number;
  /** Waits before a failed job is tried again, one for each further try. */
  retryDelaysMs: readonly number[];
}

/**
 * A look that is due later is planned again by one on the way: a timer takes at most 2^31-1 ms, and fires at once
 * beyond. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
 */
const LONGEST_DELAY_MS = 24 * 60 * 60 * 1000;

interface Lane {
  waiting: { job: Job; attempt: number }[];
  isRunning: boolean;
}

/** Jobs in memory: those of one repository one at a time and in order, equal ones as one. Lost when the process ends. */
export function makeMemoryQueue({ run, log, concurrency, retryDelaysMs }: MemoryQueueOptions): WorkQueue {
  const lanes = new Map<string, Lane>();
  const timers = new Set<NodeJS.Timeout>();
  const looks = new Map<string, { atMs: number; lookAt: Set<string>; timer: NodeJS.Timeout }>();
  const idleWaiters: (() => void)[] = [];
  let running = 0;
  let retrying = 0;
  let isStopped = false;

  const push = (job: Job, attempt: number) => {
    if (isStopped) return;
    const lane = lanes.get(job.repository) ?? { waiting: [], isRunning: false };
    lanes.set(job.repository, lane);
    const last = lane.waiting.at(-1);
    const merged = last && attempt === 0 && last.attempt === 0 ? mergeJobs(last.job, job) : null;
    if (last && merged) last.job = merged;
    else lane.waiting.push({ job, attempt });
    pump();
  };

  const later = (delayMs: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, delayMs);
    timer.unref();
    timers.add(timer);
    return timer;
  };

  /** One look at a time waits for each repository: the earliest, at all that was to be looked at. */
  const lookAgain = (repository: string, { lookAgainMs, lookAt }: LookAgain) => {
    if (lookAgainMs === null) return;
    const delayMs = Math.min(lookAgainMs, LONGEST_DELAY_MS);
    const atMs = Date.now() + delayMs;
    const planned = looks.get(repository);
    const all = new Set([...(planned?.lookAt ?? []), ...lookAt]);
    if (planned && planned.atMs <= atMs) {
      planned.lookAt = all;
      return;
    }
    if (planned) {
      clearTimeout(planned.timer);
      timers.delete(planned.timer);
    }
    const timer = later(delayMs, () => {
      const due = looks.get(repository);
      looks.delete(repository);
      push(reconcileJob(repository, { lookAt: [...(due?.lookAt ?? [])] }), 0);
    });
    looks.set(repository, { atMs, lookAt: all, timer });
  };

  /** The same of any other job: one of its kind for each repository, at the earliest time. */
  const due = new Map<string, { atMs: number; job: Job; timer: NodeJS.Timeout }>();
  const addLater = async (job: Job, delayMs: number) => {
    const key = `${job.kind} ${job.repository}`;
    const planned = due.get(key);
    const atMs = Math.min(Date.now() + delayMs, planned?.atMs ?? Number.POSITIVE_INFINITY);
    const merged = (planned && mergeJobs(planned.job, job)) ?? job;
    if (planned) {
      clearTimeout(planned.timer);
      timers.delete(planned.timer);
    }
    const timer = later(Math.min(Math.max(atMs - Date.now(), 0), LONGEST_DELAY_MS), () => {
      due.delete(key);
      push(merged, 0);
    });
    due.set(key, { atMs, job: merged, timer });
  };

  const pump = () => {
    for (const lane of lanes.values()) {
      if (running >= concurrency) return;
      const next = lane.isRunning ? undefined : lane.waiting.shift();
      if (next) void execute(lane, next);
    }
    if (running === 0 && retrying === 0) {
      for (const wake of idleWaiters.splice(0)) wake();
    }
  };

  const execute = async (lane: Lane, { job, attempt }: { job: Job; attempt: number }) => {
    lane.isRunning = true;
    running++;
    try {
      lookAgain(job.repository, await run(job));
    } catch (error) {
      fail(job, attempt, error);
    } finally {
      lane.isRunning = false;
      running--;
      // To the end of the line: a busy repository lets the others in between.
      lanes.delete(job.repository);
      if (lane.waiting.length > 0) lanes.set(job.repository, lane);
      pump();
    }
  };

  const fail = (job: Job, attempt: number, error: unknown) => {
    const fields = { repository: job.repository, job: job.kind, attempt, err: error };
    const delayMs = retryDelaysMs[attempt];
    if (delayMs === undefined || isStopped) {
      log.error(fields, 'job given up; the next sweep looks at the repository again');
      return;
    }
    log.warn({ ...fields, delayMs }, 'job failed; it is tried again');
    retrying++;
    later(delayMs, () => {
      retrying--;
      push(job, attempt + 1);
      pump();
    });
  };

  const idle = () =>
    running === 0 && retrying === 0 && lanes.size === 0
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          idleWaiters.push(resolve);
        });

  return {
    async add(job) {
      push(job, 0);
    },
    addLater,
    idle,
    async stop() {
      isStopped = true;
      for (const [repository, lane] of lanes) {
        lane.waiting = [];
        if (!lane.isRunning) lanes.delete(repository);
      }
      for (const timer of timers) clearTimeout(timer);
      retrying = 0;
      if (running > 0) await idle();
      for (const wake of idleWaiters.splice(0)) wake();
    },
  };
}

const CONCURRENT_REPOSITORIES = 4;
const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000];

/** For tests of everything but the queue: the durable one does the same, and its tests hold it to that. */
function openMemoryQueue(log: Log): OpenQueue {
  return async (run) =>
    makeMemoryQueue({ run, log, concurrency: CONCURRENT_REPOSITORIES, retryDelaysMs: RETRY_DELAYS_MS });
}

/** Nothing that outlives the process, for a world or an app. */
export function memoryStorage() {
  const sources = makeMemorySources();
  return (log: Log) => ({ openQueue: openMemoryQueue(log), sources });
}
