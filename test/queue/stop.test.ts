import { sql } from 'kysely';
import type { Job } from '../../src/promotion/ports/jobs.ts';
import { openDeadLetters } from '../../src/queue/dead-letters.ts';
import { describeOnBoth } from './on-both.ts';

const command = (comment: number): Job => ({ kind: 'command', repository: 'acme/fleet', comment });

describeOnBoth(({ database, open }) => {
  test('what does not end in time is given back, and another process begins it at once', async () => {
    const first = await open({ graceMs: 1 });
    await first.queue.add(command(1));
    await first.worker.started(1);
    await first.queue.stop();
    expect(first.worker.told).toContain('warn: jobs did not end in time; they are given back');
    // It is not alone, so that it takes nothing up but what waits. A heartbeat would take 30 s to stop.
    const second = await open();
    await second.worker.started(1);
    expect(second.worker.jobs).toEqual([command(1)]);
    // What the first one still says of it counts for nothing.
    first.worker.endAll();
    second.worker.endAll();
    await second.queue.idle();
    expect(second.worker.jobs).toHaveLength(1);
  });

  test('what ends in time is not done again', async () => {
    const first = await open();
    await first.queue.add(command(1));
    await first.worker.started(1);
    const stopped = first.queue.stop();
    first.worker.endAll();
    await stopped;
    const second = await open({ isAlone: true });
    await second.queue.idle();
    expect(second.worker.jobs).toEqual([]);
  });

  test('a process that was killed is followed by one that goes on at once when it is alone', async () => {
    const first = await open();
    await first.queue.add(command(1));
    await first.worker.started(1);
    const second = await open({ isAlone: true });
    await second.worker.started(1);
    expect(second.worker.jobs).toEqual([command(1)]);
  });

  test('what kills the process at each try does not kill it for ever', async () => {
    const first = await open();
    await first.queue.add(command(1));
    await first.worker.started(1);
    await sql`update pgboss.job set retry_count = retry_limit where state = 'active'`.execute(database().sql);
    const second = await open({ isAlone: true });
    await second.queue.idle();
    const letters = await openDeadLetters(database());
    expect(await letters.list()).toMatchObject([
      { job: command(1), error: 'the process that did it ended, at each try' },
    ]);
    await letters.close();
    expect(second.worker.jobs).toEqual([]);
  });
});
