import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { ProbotOctokit } from 'probot';
import { makeWorld } from '../../src/cli/demo/world.ts';
import { type Served, serve } from '../../src/cli/serve.ts';
import { carefulRequests } from '../../src/github/careful-requests.ts';
import { makeMemoryQueue } from '../queue/memory-queue.ts';
import { makeMemorySources } from '../queue/memory-sources.ts';
import { type Front, openFront } from './front.ts';
import { keepSandbox, restoreSandbox } from './keep-sandbox.ts';
import type { Scene } from './play.ts';

/** A failed job is tried again so often, and at once. */
const RETRIES = 12;

/** A local GitHub with the real app in this process, which starts fast and is not killed. */
export async function openStage(organization: string, people: readonly string[]): Promise<Scene> {
  process.env.SLUICE_KUSTOMIZE = fileURLToPath(new URL('./render.sh', import.meta.url));
  const world = await makeWorld(organization, people);
  const { sandbox, appId, privateKeyPem: privateKey, webhookSecret } = world;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-faults-'));
  const front = await openFront(sandbox);
  let served: Served | null = null;
  const stopApp = async () => {
    await served?.close();
    served = null;
  };
  return {
    front,
    keep: () => keepSandbox(sandbox, join(folder, `kept-${randomUUID()}`)),
    async restore(kept) {
      await stopApp();
      await restoreSandbox(sandbox, kept, join(folder, `run-${randomUUID()}`));
    },
    repository: (fullName) => sandbox.state.repositories.get(fullName)!,
    world: {
      ...world,
      async startApp() {
        served = await startApp(front, { appId, privateKey, webhookSecret, now: sandbox.clock.now });
        sandbox.setWebhook(appId, { url: served.webhookUrl, secret: webhookSecret });
      },
      stopApp,
      async sweep() {
        await served?.sluice.sweep();
      },
      async settle() {
        for (let before = -1; before !== front.calls.length; ) {
          before = front.calls.length;
          await sandbox.idle();
          await served?.sluice.idle();
          await sandbox.idle();
        }
      },
    },
    async close() {
      await stopApp();
      await front.stop();
      await world.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Who = Pick<Parameters<typeof serve>[0], 'appId' | 'privateKey' | 'webhookSecret' | 'now'>;

function startApp(front: Front, who: Who): Promise<Served> {
  const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' }, pino.destination(2));
  const pending = new Set<() => void>();
  front.onHang = () => {
    for (const end of pending) end();
  };
  const Octokit = ProbotOctokit.plugin(carefulRequests() as never).defaults((options: object) => ({
    ...options,
    request: { fetch: endable(pending) },
    throttle: { enabled: false },
    retry: { enabled: false },
  })) as unknown as typeof ProbotOctokit;
  return serve({
    ...who,
    port: 0,
    host: '127.0.0.1',
    baseUrl: front.url,
    isRendering: true,
    log,
    Octokit,
    sources: makeMemorySources(),
    openQueue: async (run) =>
      makeMemoryQueue({ run, log, concurrency: 4, retryDelaysMs: Array(RETRIES).fill(1) }),
  });
}

/** All that is under way ends when one hangs, as if its time were over; no test waits for that. */
function endable(pending: Set<() => void>): typeof fetch {
  return (input, init) =>
    new Promise((resolve, reject) => {
      const end = () => reject(new Error('GitHub did not answer in time'));
      pending.add(end);
      fetch(input, init)
        .then(resolve, reject)
        .finally(() => pending.delete(end));
    });
}
