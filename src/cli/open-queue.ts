import type { Database } from '../database/database.ts';
import { restOf } from '../github/rate-limit.ts';
import { makeDashboardHistory } from '../history/read-past.ts';
import { makeHistoryStore } from '../history/store.ts';
import type { Log } from '../promotion/ports/log.ts';
import { makeDashboardStore } from '../queue/dashboard-store.ts';
import { openDurableQueue } from '../queue/durable-queue.ts';
import type { QueueObserver } from '../queue/observer.ts';
import { makeSourceStore } from '../queue/source-store.ts';
import type { OpenQueue } from '../queue/work-queue.ts';
import type { ServeOptions } from './serve.ts';

/** Repositories that one process looks at side by side. */
const CONCURRENT_REPOSITORIES = 4;

export interface QueueRole {
  /** This process does the work, too. */
  isWorker: boolean;
  /** No other process has this database. */
  isAlone: boolean;
  /** How long running jobs may go on when it stops. */
  graceMs?: number;
  observer?: QueueObserver;
}

/** The queue in a database, for `serve`. */
export function queueIn(database: Database, log: Log, { isWorker, ...role }: QueueRole): OpenQueue {
  return (run) =>
    openDurableQueue({
      database,
      log,
      work: isWorker ? { run, concurrency: CONCURRENT_REPOSITORIES } : null,
      restOf: (error) => restOf(error, Date.now()),
      ...role,
    });
}

/** What dashboards need, in a database. */
export function dashboardsIn(database: Database, log: Log): NonNullable<ServeOptions['dashboards']> {
  return {
    store: makeDashboardStore(database.sql),
    history: makeDashboardHistory(makeHistoryStore(database.sql, log)),
  };
}

/** What a process that does everything alone keeps in its database. */
export function storageIn(
  database: Database,
  log: Log,
): Pick<ServeOptions, 'openQueue' | 'sources' | 'dashboards'> {
  return {
    openQueue: queueIn(database, log, { isWorker: true, isAlone: true }),
    sources: makeSourceStore(database.sql),
    dashboards: dashboardsIn(database, log),
  };
}
