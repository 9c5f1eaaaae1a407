import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeWorld } from '../../src/cli/demo/world.ts';
import { buildApp } from '../build-app.ts';
import { findFreePort } from '../database/find-free-port.ts';
import { type PostgresServer, startPostgres } from '../database/start-postgres.ts';
import { type AppProcess, forkApp } from './app-process.ts';
import { openFront } from './front.ts';
import { keepSandbox, restoreSandbox } from './keep-sandbox.ts';
import type { Scene } from './play.ts';

/** A local GitHub, and the real app in a process that can be killed at any call. */
export interface Rig extends Scene {
  /** Kills the process, and starts another one on the same database. */
  crash(): void;
  postgres: PostgresServer;
  /** Of the app that runs, on the server of `postgres`. */
  databaseName(): string;
}

const ENV = { SLUICE_KUSTOMIZE: fileURLToPath(new URL('./render.sh', import.meta.url)) };

/** One server, one local GitHub and one process for many runs: what starts anew for each is what a crash ends. */
export async function openRig(organization: string, people: readonly string[]): Promise<Rig> {
  await buildApp();
  const [postgres, world, folder, port] = await Promise.all([
    startPostgres(),
    makeWorld(organization, people),
    mkdtemp(join(tmpdir(), 'sluice-faults-')),
    findFreePort(),
  ]);
  const { sandbox, appId, privateKeyPem: privateKey, webhookSecret } = world;
  const front = await openFront(sandbox);
  sandbox.setWebhook(appId, {
    url: `http://127.0.0.1:${port}/api/github/webhooks`,
    secret: webhookSecret,
  });
  /** The next process is started while the last one works: it takes longer than most runs. */
  let spare = forkApp(ENV);
  let app = spare;
  let isStarted = false;
  let started = Promise.resolve();
  let database = '';

  const takeSpare = (): AppProcess => {
    const taken = spare;
    spare = forkApp(ENV);
    return taken;
  };
  const start = async (process: AppProcess) => {
    const url = postgres.urlOf(database);
    await process.start({ url, appId, privateKey, webhookSecret, port, baseUrl: front.url });
  };
  const launch = (process: AppProcess) => {
    started = start(process);
    // Whoever waits for it is told; nobody may be there yet.
    started.catch(() => undefined);
  };
  app = takeSpare();

  /** Resolves when the app that runs has started, however many were killed before. */
  const whenStarted = async () => {
    for (let seen: Promise<void> | null = null; seen !== started; ) {
      seen = started;
      await seen.catch((error: unknown) => {
        if (seen === started) throw error;
      });
    }
  };
  const stopApp = async () => {
    if (!isStarted) return;
    await whenStarted();
    await app.stop();
    isStarted = false;
    await postgres.dropDatabase(database);
  };

  return {
    postgres,
    front,
    crash() {
      app.kill();
      app = takeSpare();
      launch(app);
    },
    keep: () => keepSandbox(sandbox, join(folder, `kept-${randomUUID()}`)),
    async restore(kept) {
      await stopApp();
      await restoreSandbox(sandbox, kept, join(folder, `run-${randomUUID()}`));
    },
    databaseName: () => database,
    repository: (fullName) => sandbox.state.repositories.get(fullName)!,
    world: {
      ...world,
      async startApp() {
        database = `run_${randomUUID().replaceAll('-', '')}`;
        await postgres.createDatabase(database);
        isStarted = true;
        launch(app);
        await whenStarted();
      },
      stopApp,
      async sweep() {
        await whenStarted();
        await app.sweep();
      },
      async settle() {
        for (let before = -1, of: AppProcess | null = null; before !== front.calls.length || of !== app; ) {
          before = front.calls.length;
          await sandbox.idle();
          await whenStarted();
          of = app;
          const asked = app;
          await asked.idle().catch((error: unknown) => {
            if (asked === app) throw error;
          });
          await sandbox.idle();
        }
      },
    },
    async close() {
      for (const each of [app, spare]) each.kill();
      await front.stop();
      await world.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
