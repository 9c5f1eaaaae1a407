import type { LookAgain } from '../../src/promotion/plan/plan-types.ts';
import type { Job } from '../../src/promotion/ports/jobs.ts';

const POLL_MS = 10;

/** Waits for what another process or a database does in its own time. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

const nameOf = (job: Job) =>
  job.kind === 'command' ? `${job.repository} #${job.comment}` : `${job.repository} look`;

/** Somebody who does jobs, each of which ends when the test says so. */
export function makeWorker() {
  const jobs: Job[] = [];
  const told: string[] = [];
  const failing = new Set<string>();
  const errors = new Map<string, Error>();
  const ends = new Map<string, (look: LookAgain) => void>();
  const nothing: LookAgain = { lookAgainMs: null, lookAt: [] };
  const note = (level: string) => (_: object, message: string) => void told.push(`${level}: ${message}`);
  return {
    jobs,
    told,
    /** Jobs that fail whenever they run. */
    failing,
    /** What a job fails of. */
    errors,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    async run(job: Job): Promise<LookAgain> {
      const name = nameOf(job);
      jobs.push(job);
      if (failing.has(name)) throw new Error('GitHub answered 502');
      const error = errors.get(name);
      if (error) throw error;
      return new Promise((resolve) => {
        ends.set(name, resolve);
      });
    },
    running: () => [...ends.keys()],
    started: (count: number) => until(() => jobs.length >= count),
    end(name: string, look = nothing) {
      ends.get(name)?.(look);
      ends.delete(name);
    },
    endAll() {
      for (const end of ends.values()) end(nothing);
      ends.clear();
    },
  };
}

export type TestWorker = ReturnType<typeof makeWorker>;
