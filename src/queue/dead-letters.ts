import { PgBoss } from 'pg-boss';
import type { Database } from '../database/database.ts';
import type { Job } from '../promotion/ports/jobs.ts';
import { DEAD, type Entry } from './names.ts';

/** A job that failed at its last try. */
export interface DeadLetter {
  /** By which it can be replayed. */
  id: string;
  job: Job;
  delivery: string | null;
  /** When it was given up. */
  since: Date;
  /** What it failed of at last. */
  error: string;
}

const MOST_LISTED = 1_000;

export interface DeadLetters {
  /** Oldest first, at most 1,000. */
  list(): Promise<DeadLetter[]>;
  /** Puts them back into the queue, all without ids; says how many. */
  replay(ids?: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

/** Opens what was laid aside, beside the processes that work. */
export async function openDeadLetters(database: Database): Promise<DeadLetters> {
  const boss = new PgBoss({ ...database.boss, schedule: false, supervise: false, registerInstance: false });
  await boss.start();
  return {
    async list() {
      const found = await boss.findJobs<Entry>(DEAD, { queued: true, limit: MOST_LISTED });
      return found.map(({ id, data, createdOn, sourceOutput }) => ({
        id,
        ...data,
        since: createdOn,
        error: messageOf(sourceOutput),
      }));
    },
    replay: (ids) => boss.redrive(DEAD, ids && { ids: [...ids] }),
    close: () => boss.stop({ graceful: false }),
  };
}

function messageOf(output: unknown): string {
  if (typeof output !== 'object' || output === null) return 'not known';
  if ('message' in output && typeof output.message === 'string') return output.message;
  return 'value' in output ? messageOf(output.value) : 'not known';
}
