import type { Database } from '../database/database.ts';
import { restUntilMs } from '../github/rate-limit.ts';
import type { Log } from '../promotion/ports/log.ts';
import { openDurableQueue } from '../queue/durable-queue.ts';
import type { OpenQueue } from '../queue/work-queue.ts';

/** Repositories that one process looks at side by side. */
const CONCURRENT_REPOSITORIES = 4;

export interface QueueRole {
  /** This process does the work, too. */
  isWorker: boolean;
  /** No other process has this database. */
  isAlone: boolean;
}

/** The queue in a database, for `serve`. */
export function queueIn(database: Database, log: Log, { isWorker, isAlone }: QueueRole): OpenQueue {
  return (run) =>
    openDurableQueue({
      database,
      log,
      work: isWorker ? { run, concurrency: CONCURRENT_REPOSITORIES } : null,
      sleepUntilMs: (error) => restUntilMs(error, Date.now()),
      isAlone,
    });
}
