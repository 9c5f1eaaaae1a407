import { reconcileJob } from '../../src/promotion/merge-jobs.ts';
import type { Job } from '../../src/promotion/ports/jobs.ts';
import { makeRestError } from '../../src/promotion/ports/rest.ts';
import { describeOnBoth } from './on-both.ts';
import { until } from './worker.ts';

const MANY = 300;
const isOf = (repository: string) => (job: Job) => job.repository === repository;
/** All that comes, comes at the same moment. */
const now = () => Date.UTC(2026, 10, 29);
const command = (comment: number, repository: string): Job => ({ kind: 'command', repository, comment });

describeOnBoth(({ open }) => {
  test.each([
    ['one repository with hundreds of commands', () => 'noisy/fleet'],
    ['one owner with hundreds of repositories', (index: number) => `noisy/fleet-${index}`],
  ])('%s keeps no other owner waiting', async (_, repositoryOf) => {
    const { queue, worker } = await open();
    const noise = Array.from({ length: MANY }, (_, index) => command(index, repositoryOf(index)));
    await Promise.all(noise.map((job) => queue.add(job)));
    await worker.started(1);
    await queue.add(reconcileJob('quiet/fleet'));
    // Though commands come first, all of them were there before, and none of them ends.
    await until(() => worker.jobs.some(isOf('quiet/fleet')));
    expect(worker.jobs.length).toBeLessThanOrEqual(4);
  });

  test('two noisy owners keep no third one waiting for all that they have', async () => {
    const { queue, worker } = await open({ now });
    const noise = ['loud', 'noisy'].flatMap((owner) =>
      Array.from({ length: MANY }, (_, index) => reconcileJob(`${owner}/fleet-${index}`)),
    );
    await Promise.all(noise.map((job) => queue.add(job, { delivery: job.repository, index: 0 })));
    await worker.started(4);
    await queue.add(reconcileJob('quiet/fleet'), { delivery: 'quiet', index: 0 });
    // Whichever ends: it is the next one's turn.
    worker.end(worker.running()[0]!);
    await worker.started(5);
    expect(worker.jobs[4]).toEqual(reconcileJob('quiet/fleet'));
  });

  test('a repository with hundreds of commands keeps none of the same owner waiting', async () => {
    const { queue, worker } = await open();
    const noise = Array.from({ length: MANY }, (_, index) => command(index, 'acme/noisy'));
    await Promise.all(noise.map((job) => queue.add(job)));
    await worker.started(1);
    await queue.add(reconcileJob('acme/fleet'));
    await until(() => worker.jobs.some(isOf('acme/fleet')));
    expect(worker.jobs).toHaveLength(2);
  });

  test('while routine work of an owner sleeps, the dashboard shows it', async () => {
    const { queue, worker } = await open();
    const rest = { untilMs: Date.now() + 3_600_000, sparesUrgent: true, limit: 'creations' } as const;
    worker.errors.set('acme/fleet look', makeRestError('kept back', rest));
    await queue.add(reconcileJob('acme/fleet'));
    await queue.idle();
    const show = { kind: 'dashboard', repository: 'acme/other', look: { view: 'a', atMs: 1 } } as const;
    await queue.add(show);
    await worker.started(2);
    expect(worker.jobs[1]).toEqual(show);
  });

  test('while routine work of an owner sleeps, its commands go on', async () => {
    const { queue, worker } = await open();
    const rest = { untilMs: Date.now() + 3_600_000, sparesUrgent: true, limit: 'creations' } as const;
    worker.errors.set('acme/fleet look', makeRestError('kept back', rest));
    await queue.add(reconcileJob('acme/fleet'));
    await queue.idle();
    await queue.add(reconcileJob('acme/other'));
    await queue.add(command(1, 'acme/fleet'));
    await worker.started(2);
    worker.endAll();
    await queue.idle();
    expect(worker.jobs).toEqual([reconcileJob('acme/fleet'), command(1, 'acme/fleet')]);
  });
});
