import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { ACTS, type Act, ORGANIZATION, PEOPLE, seedStory, verifyStory } from '../../src/cli/demo/story.ts';
import { buildApp } from '../build-app.ts';
import { forkApp } from './app-process.ts';
import { openFront } from './front.ts';
import type { Kept } from './keep-sandbox.ts';
import { gitopsOf } from './play.ts';
import { openRig, type Rig } from './rig.ts';

let rig: Rig;
let empty: Kept;
beforeAll(async () => {
  rig = await openRig(ORGANIZATION, PEOPLE);
  empty = await rig.keep();
}, 300_000);
afterAll(() => rig?.close());

/** All that Sluice keeps on a server, gone while it runs. */
async function dropSchemas(): Promise<void> {
  const client = new pg.Client({ connectionString: rig.postgres.urlOf(rig.databaseName()) });
  await client.connect();
  await client.query('drop schema if exists pgboss cascade; drop schema if exists sluice cascade');
  await client.end();
}

test('the story goes on when the tables are dropped between any two acts, and under a running call', async () => {
  await rig.restore(empty);
  await seedStory(rig.world);
  await rig.world.startApp();
  await rig.world.settle();
  const problems: string[] = [];
  const stage = { world: rig.world, say: () => {}, gitops: gitopsOf(rig) };
  const expectIn: Parameters<Act>[1] = (isSo, problem) => void (isSo || problems.push(problem));
  const settle = async () => {
    await rig.world.settle();
    if (!isDropped) return;
    isDropped = false;
    // What was in the queue is found again by looking; on a timer, this is.
    await rig.world.sweep();
    await rig.world.settle();
  };
  let isDropped = false;
  for (const act of ACTS) {
    await dropSchemas();
    isDropped = true;
    rig.front.begin(async ({ index }, answer) => {
      if (index === 10) {
        isDropped = true;
        await dropSchemas();
      }
      return answer();
    });
    await act({ ...stage, world: { ...rig.world, settle } }, expectIn);
  }
  expect([...problems, ...(await verifyStory(stage))]).toEqual([]);
}, 300_000);

test('the story goes on when the folder of the embedded database is deleted between two processes', async () => {
  await buildApp();
  await rig.restore(empty);
  const { world } = rig;
  await seedStory(world);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-data-'));
  const front = await openFront(world.sandbox);
  const { appId, privateKeyPem: privateKey, webhookSecret, sandbox } = world;
  const webhook = new URL(sandbox.state.apps.get(appId)!.webhookUrl!);
  const options = {
    folder,
    appId,
    privateKey,
    webhookSecret,
    port: Number(webhook.port),
    baseUrl: front.url,
  };
  let app = forkApp({});
  await app.start(options);
  const settle = async () => {
    for (let before = -1; before !== front.calls.length; ) {
      before = front.calls.length;
      await sandbox.idle();
      await app.idle();
      await sandbox.idle();
    }
  };
  const stage = { world: { ...world, settle }, say: () => {}, gitops: gitopsOf(rig) };
  const problems: string[] = [];
  try {
    await settle();
    for (const [index, act] of ACTS.entries()) {
      await act(stage, (isSo, problem) => void (isSo || problems.push(problem)));
      // A new one takes seconds.
      if (index % 2 === 1) continue;
      app.kill();
      await rm(folder, { recursive: true, force: true });
      app = forkApp({});
      await app.start(options);
      await settle();
    }
    expect([...problems, ...(await verifyStory(stage))]).toEqual([]);
  } finally {
    app.kill();
    await front.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);
