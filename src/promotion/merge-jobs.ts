import { isDeepStrictEqual } from 'node:util';
import type { Job } from './ports/jobs.ts';

type ReconcileJob = Extract<Job, { kind: 'reconcile' }>;

/** One job that does the work of two that wait one behind the other; null when they are of different kinds. */
export function mergeJobs(earlier: Job, later: Job): Job | null {
  if (earlier.repository !== later.repository) return null;
  if (earlier.kind === 'reconcile' && later.kind === 'reconcile') return mergeLooks(earlier, later);
  if (earlier.kind === 'dashboard' && later.kind === 'dashboard') {
    return { ...later, ...((earlier.isCheck || later.isCheck) && { isCheck: true }) };
  }
  if (earlier.kind === 'source' && later.kind === 'source') {
    return { ...earlier, builds: [...earlier.builds, ...later.builds] };
  }
  if (earlier.kind === 'rollback' && later.kind === 'rollback') return earlier;
  // Pressed twice is pressed once.
  return earlier.kind === 'button' && isDeepStrictEqual(earlier, later) ? earlier : null;
}

function mergeLooks(earlier: ReconcileJob, later: ReconcileJob): Job {
  return {
    ...earlier,
    lookAt: [...new Set([...earlier.lookAt, ...later.lookAt])],
    ended: [...new Set([...earlier.ended, ...later.ended])],
    ...((earlier.queue || later.queue) && { queue: true }),
    ...((earlier.isSweep || later.isSweep) && { isSweep: true }),
    ...((earlier.commands || later.commands) && { commands: true }),
    ...((earlier.dashboard || later.dashboard) && { dashboard: true }),
  };
}

/** A look at a repository for no reason but that something happened there. */
export function reconcileJob(repository: string, more: Partial<ReconcileJob> = {}): Job {
  return { kind: 'reconcile', repository, lookAt: [], ended: [], ...more };
}
