import { jest } from '@jest/globals';
import { reconcileJob } from '../../src/promotion/merge-jobs.ts';
import type { Job } from '../../src/promotion/ports/jobs.ts';
import { type MemoryQueueOptions, makeMemoryQueue } from './memory-queue.ts';

const command = (comment: number, repository = 'acme/fleet'): Job => ({
  kind: 'command',
  repository,
  comment,
});
const text = (job: Job) =>
  job.kind === 'command' ? `${job.repository} #${job.comment}` : `${job.repository} look`;

/** A queue whose jobs run until they are told to end. */
function startQueue({ concurrency = 2, retryDelaysMs = [] }: Partial<MemoryQueueOptions> = {}) {
  const started: string[] = [];
  const jobs: Job[] = [];
  const endings: { end(lookAgainMs: number | null, lookAt: string[]): void; fail(error: Error): void }[] = [];
  const told: string[] = [];
  const note = (level: string) => (_: object, message: string) => void told.push(`${level}: ${message}`);
  const queue = makeMemoryQueue({
    concurrency,
    retryDelaysMs,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    run: (job) => {
      started.push(text(job));
      jobs.push(job);
      return new Promise((resolve, reject) => {
        endings.push({ end: (lookAgainMs, lookAt) => resolve({ lookAgainMs, lookAt }), fail: reject });
      });
    },
  });
  const settle = () => jest.advanceTimersByTimeAsync(0);
  return {
    queue,
    started,
    jobs,
    told,
    async end(index: number, lookAgainMs: number | null = null, lookAt: string[] = []) {
      endings[index]!.end(lookAgainMs, lookAt);
      await settle();
    },
    async fail(index: number) {
      endings[index]!.fail(new Error('GitHub answered 502'));
      await settle();
    },
  };
}

/** Whether a promise has resolved yet. */
async function isResolved(promise: Promise<void>): Promise<boolean> {
  let resolved = false;
  void promise.then(() => {
    resolved = true;
  });
  await jest.advanceTimersByTimeAsync(0);
  return resolved;
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('jobs of one repository run one at a time and in order', async () => {
  const { queue, started, end } = startQueue();
  for (const comment of [1, 2, 3]) await queue.add(command(comment));
  expect(started).toEqual(['acme/fleet #1']);
  await end(0);
  expect(started).toEqual(['acme/fleet #1', 'acme/fleet #2']);
  await end(1);
  expect(started.at(-1)).toBe('acme/fleet #3');
});

test('equal jobs that wait become one, a running one is left alone', async () => {
  const { queue, jobs, end } = startQueue();
  await queue.add(reconcileJob('acme/fleet'));
  for (const source of ['acme/a', 'acme/b', 'acme/a']) {
    await queue.add(reconcileJob('acme/fleet', { lookAt: [source] }));
  }
  await end(0);
  await end(1);
  expect(jobs).toEqual([
    reconcileJob('acme/fleet'),
    reconcileJob('acme/fleet', { lookAt: ['acme/a', 'acme/b'] }),
  ]);
});

test('repositories run side by side, as many as there may be', async () => {
  const { queue, started, end } = startQueue({ concurrency: 2 });
  for (const name of ['a', 'b', 'c']) await queue.add(reconcileJob(`acme/${name}`));
  expect(started).toEqual(['acme/a look', 'acme/b look']);
  await end(1);
  expect(started.at(-1)).toBe('acme/c look');
});

test('a busy repository lets the others in between', async () => {
  const { queue, started, end } = startQueue({ concurrency: 1 });
  for (const comment of [1, 2, 3]) await queue.add(command(comment, 'acme/busy'));
  await queue.add(reconcileJob('acme/quiet'));
  await end(0);
  expect(started).toEqual(['acme/busy #1', 'acme/quiet look']);
});

test('a failed job is tried again after its delays, then given up with a word', async () => {
  const { queue, started, told, fail } = startQueue({ retryDelaysMs: [1_000, 60_000] });
  await queue.add(command(1));
  await fail(0);
  await jest.advanceTimersByTimeAsync(999);
  expect(started).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(started).toHaveLength(2);
  await fail(1);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(started).toHaveLength(3);
  await fail(2);
  await jest.advanceTimersByTimeAsync(3_600_000);
  expect(started).toHaveLength(3);
  expect(told.map((line) => line.split(':')[0])).toEqual(['warn', 'warn', 'error']);
  expect(await isResolved(queue.idle())).toBe(true);
});

test('while a job waits for its next try, others of the repository go on', async () => {
  const { queue, started, fail } = startQueue({ retryDelaysMs: [1_000] });
  await queue.add(command(1));
  await queue.add(command(2));
  await fail(0);
  expect(started).toEqual(['acme/fleet #1', 'acme/fleet #2']);
});

test('looks again when the time has come, and counts as idle until then', async () => {
  const { queue, jobs, end } = startQueue();
  await queue.add(command(1));
  await end(0, 5_000);
  expect(await isResolved(queue.idle())).toBe(true);
  await jest.advanceTimersByTimeAsync(4_999);
  expect(jobs).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(jobs.at(-1)).toEqual(reconcileJob('acme/fleet'));
});

test('a look that is months away is not taken for one at once; one comes each day until then', async () => {
  const { queue, jobs, end } = startQueue();
  const dayMs = 24 * 60 * 60 * 1000;
  await queue.add(command(1));
  await end(0, 100 * dayMs);
  await jest.advanceTimersByTimeAsync(dayMs - 1);
  expect(jobs).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(jobs).toHaveLength(2);
  await end(1, 99 * dayMs);
  await jest.advanceTimersByTimeAsync(dayMs);
  expect(jobs).toHaveLength(3);
});

test('however many looks ask for another one, one comes, at the earliest time and at everything', async () => {
  const { queue, jobs, end } = startQueue();
  for (const [index, [delayMs, source]] of (
    [
      [60_000, 'acme/a'],
      [5_000, 'acme/b'],
      [60_000, 'acme/c'],
    ] as const
  ).entries()) {
    await queue.add(command(index));
    await end(index, delayMs, [source]);
  }
  await jest.advanceTimersByTimeAsync(5_000);
  expect(jobs).toHaveLength(4);
  expect(jobs.at(-1)).toEqual(reconcileJob('acme/fleet', { lookAt: ['acme/a', 'acme/b', 'acme/c'] }));
  await end(3);
  await jest.advanceTimersByTimeAsync(120_000);
  expect(jobs).toHaveLength(4);
});

describe('idle', () => {
  test('is when nothing waits or runs, retries included', async () => {
    const { queue, end, fail } = startQueue({ retryDelaysMs: [1_000] });
    expect(await isResolved(queue.idle())).toBe(true);
    await queue.add(command(1));
    const idle = queue.idle();
    await fail(0);
    expect(await isResolved(idle)).toBe(false);
    await jest.advanceTimersByTimeAsync(1_000);
    await end(1);
    expect(await isResolved(idle)).toBe(true);
  });
});

describe('stop', () => {
  test('waits for what runs, drops what waits and takes nothing more', async () => {
    const { queue, started, end } = startQueue({ concurrency: 1 });
    await queue.add(command(1));
    await queue.add(command(2));
    await queue.add(reconcileJob('acme/other'));
    const stopped = queue.stop();
    expect(await isResolved(stopped)).toBe(false);
    await end(0);
    expect(await isResolved(stopped)).toBe(true);
    await queue.add(command(3));
    expect(started).toEqual(['acme/fleet #1']);
    expect(await isResolved(queue.idle())).toBe(true);
  });

  test('tries nothing again, and leaves nobody waiting for idle', async () => {
    const { queue, started, fail } = startQueue({ retryDelaysMs: [1_000] });
    await queue.add(command(1));
    await fail(0);
    const idle = queue.idle();
    await queue.stop();
    expect(await isResolved(idle)).toBe(true);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(started).toHaveLength(1);
  });
});
