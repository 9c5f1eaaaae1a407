import { sql } from 'kysely';
import nock from 'nock';
import { ProbotOctokit } from 'probot';
import { openDatabase } from '../../src/database/open-database.ts';
import { confirmWrites } from '../../src/github/confirm-writes.ts';
import { reconcileJob } from '../../src/promotion/merge-jobs.ts';
import { currentWork } from '../../src/queue/current-job.ts';
import { openDurableQueue } from '../../src/queue/durable-queue.ts';
import { makeWorker } from './worker.ts';

const MINUTE_MS = 60_000;

/** Takes one job, and gives the check that it has of being this process's still. */
async function takeJob() {
  const database = await openDatabase({ url: null, folder: null, onError: () => undefined });
  const clock = { ms: Date.now() };
  const worker = makeWorker();
  const checks: (() => Promise<void>)[] = [];
  const queue = await openDurableQueue({
    database,
    log: worker.log,
    work: {
      async run(job) {
        checks.push(currentWork()!.confirm!);
        return worker.run(job);
      },
      concurrency: 1,
    },
    restOf: () => null,
    isAlone: true,
    now: () => clock.ms,
  });
  await queue.add(reconcileJob('acme/fleet'));
  await worker.started(1);
  return {
    confirm: checks[0]!,
    clock,
    /** As the queue does when a process has said nothing for too long. */
    giveAway: () =>
      sql`update pgboss.job set retry_count = retry_count + 1 where state = 'active'`.execute(database.sql),
    async close() {
      worker.endAll();
      await queue.stop();
      await database.close();
    },
  };
}

test('a process that stood still writes nothing once its job is another one’s', async () => {
  const { confirm, clock, giveAway, close } = await takeJob();
  try {
    await confirm();
    clock.ms += MINUTE_MS;
    await confirm();
    await giveAway();
    clock.ms += MINUTE_MS;
    await expect(confirm()).rejects.toThrow('given to another process');
    await expect(confirm()).rejects.toThrow('given to another process');
  } finally {
    await close();
  }
});

test('only what writes is confirmed, and is not sent when it is refused', async () => {
  const client = new ProbotOctokit({
    auth: { token: 'x' },
    throttle: { enabled: false },
    retry: { enabled: false },
  });
  let isOurs = true;
  confirmWrites(client, async () => {
    if (!isOurs) throw new Error('given to another process');
  });
  const repo = { owner: 'acme', repo: 'fleet' };
  const github = nock('https://api.github.com').get('/repos/acme/fleet').twice().reply(200, {});
  github.post('/repos/acme/fleet/labels').reply(201, {});
  await client.rest.repos.get(repo);
  await client.rest.issues.createLabel({ ...repo, name: 'one' });
  isOurs = false;
  await client.rest.repos.get(repo);
  await expect(client.rest.issues.createLabel({ ...repo, name: 'two' })).rejects.toThrow('another process');
  expect(github.isDone()).toBe(true);
});
