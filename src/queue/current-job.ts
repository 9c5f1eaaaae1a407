import { AsyncLocalStorage } from 'node:async_hooks';

/** On whose behalf something is done right now: a job, or a delivery that is being taken in. */
export interface Work {
  /** For every line of the log that is written meanwhile. */
  fields: Readonly<Record<string, unknown>>;
  /** Somebody waits for it; budgets keep a reserve for that. */
  isUrgent: boolean;
  /** Throws when it is another process's by now; left out for what cannot be. */
  confirm?: () => Promise<void>;
}

const current = new AsyncLocalStorage<Work>();

/** Runs something so that all that happens in it, however deep, can be told to belong to this work. */
export function runAs<T>(work: Work, run: () => T): T {
  return current.run(work, run);
}

/** What is being done right now; null outside of any work, as in a sweep. */
export function currentWork(): Work | null {
  return current.getStore() ?? null;
}
