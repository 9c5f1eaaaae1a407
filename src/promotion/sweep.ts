import { reconcileJob } from './merge-jobs.ts';
import type { JobQueue } from './ports/jobs.ts';
import type { Log } from './ports/log.ts';

/** What there is to sweep. */
export interface Swept {
  /** Full names. */
  repositories: readonly string[];
  /** There may be more. */
  isWhole: boolean;
}

/**
 * Looks at every repository again, its builds and commands included: a lost webhook costs the time between two sweeps,
 * nothing more. Each look is a job of its own, so that one that fails stops no other.
 */
export async function sweep(
  listRepositories: () => Promise<Swept>,
  queue: Pick<JobQueue, 'add'>,
  log: Log,
): Promise<void> {
  const { repositories, isWhole } = await listRepositories();
  log.info({ repositories: repositories.length, isWhole }, 'sweep');
  for (const repository of repositories)
    await queue.add(reconcileJob(repository, { lookAt: ['*'], commands: true, isSweep: true }));
}
