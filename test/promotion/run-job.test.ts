import { reconcileJob } from '../../src/promotion/merge-jobs.ts';
import { type RunDependencies, runJob } from '../../src/promotion/run-job.ts';
import { makeMemorySources } from '../queue/memory-sources.ts';

/** A repository where every call fails, for the reason that GitHub gives for it. */
function failWith(reason: string | null) {
  const warnings: unknown[] = [];
  const dependencies: RunDependencies = {
    host: {
      open: () => Promise.reject(new Error('Not Found')),
      builds: { readLatestBuild: () => Promise.reject(new Error('not asked for')) },
      sources: { recall: () => null, readChanges: async () => ({ known: false, reason: '' }) },
      whyAway: async () => reason,
    },
    http: { ask: () => Promise.reject(new Error('not asked for')) },
    log: { info: () => {}, warn: (fields) => warnings.push(fields), error: () => {} },
    reported: new Map(),
    rendering: null,
    now: () => 0,
    sources: makeMemorySources(),
    withoutConfig: new Set(),
    heard: new Map([['acme/fleet', { since: '2026-03-10T12:00:00Z', settled: new Map() }]]),
    queue: () => ({ add: async () => {}, addLater: async () => {} }),
    dashboard: null,
  };
  return { dependencies, warnings };
}

const JOBS = [reconcileJob('acme/fleet'), { kind: 'command', repository: 'acme/fleet', comment: 5 } as const];

test.each(JOBS)('a $kind in a repository that is gone is not tried again, and said so', async (job) => {
  const { dependencies, warnings } = failWith('it is archived');
  expect(await runJob(dependencies, job)).toEqual({ lookAgainMs: null, lookAt: [] });
  expect(warnings).toEqual([{ repository: 'acme/fleet', job: job.kind, reason: 'it is archived' }]);
  // When the App is let in again, the commands of the meantime are looked for.
  expect(dependencies.heard.size).toBe(0);
});

test.each(JOBS)('a $kind that fails for another reason is tried again', async (job) => {
  const { dependencies } = failWith(null);
  await expect(runJob(dependencies, job)).rejects.toThrow('Not Found');
  expect(dependencies.heard.size).toBe(1);
});
