import { reconcileJob } from './merge-jobs.ts';
import type { JobQueue } from './ports/jobs.ts';
import type { Log } from './ports/log.ts';
import type { SourceIndex } from './source-index.ts';

/** Looks at every repository again, builds included: a lost webhook costs the time between two sweeps, nothing more. */
export async function sweep(
  listRepositories: () => Promise<string[]>,
  index: SourceIndex,
  queue: JobQueue,
  log: Log,
): Promise<void> {
  const repositories = await listRepositories();
  log.info({ repositories: repositories.length }, 'sweep');
  index.expect(repositories);
  for (const repository of repositories) await queue.add(reconcileJob(repository, { lookAt: ['*'] }));
}
