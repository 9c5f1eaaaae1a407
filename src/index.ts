import { LRUCache } from 'lru-cache';
import type { Probot } from 'probot';
import type { Client } from './github/client.ts';
import { makeHost } from './github/host.ts';
import { type HttpOptions, NO_HOSTS } from './http/http-options.ts';
import { makeHttpProber } from './http/http-prober.ts';
import type { Rendering as RenderedTarget } from './manifests/render/render-target.ts';
import type { Rendering } from './promotion/apply/show-change.ts';
import type { Log } from './promotion/ports/log.ts';
import type { Outcome } from './promotion/reconcile.ts';
import { runJob } from './promotion/run-job.ts';
import { makeSourceIndex } from './promotion/source-index.ts';
import { sweep } from './promotion/sweep.ts';
import { makeMemoryQueue } from './queue/memory-queue.ts';
import { registerIntake } from './webhooks/register.ts';

export interface SluiceOptions {
  appId: number;
  log: Log;
  /** Told what each reconcile came to. */
  onOutcome?: (repository: string, outcome: Outcome) => void;
  /** Finds the program that renders targets; left out, promotions do not show what they change in the cluster. */
  findRenderer?: Rendering['renderer'];
  /** What `http` gates may call; nothing when left out. */
  http?: HttpOptions;
  /** The clock that gates go by: milliseconds since the epoch. */
  now?: () => number;
}

export interface Sluice {
  /** Looks at every repository again. */
  sweep(): Promise<void>;
  /** Resolves when no work is left. */
  idle(): Promise<void>;
  /** Ends the running work and takes no more. */
  stop(): Promise<void>;
}

const CONCURRENT_REPOSITORIES = 4;
const RENDERED_BYTES = 64 * 1024 * 1024;
const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000];

/** The program is looked for at the first use, and once. */
function makeRendering(find: Rendering['renderer']): Rendering {
  let found: ReturnType<Rendering['renderer']> | null = null;
  const renderer = () => {
    found ??= find();
    return found;
  };
  const cache: LRUCache<string, RenderedTarget> = new LRUCache({
    maxSize: RENDERED_BYTES,
    sizeCalculation: (rendered) => (rendered.ok ? rendered.sizeBytes : rendered.reason.length) + 100,
  });
  return { renderer, cache };
}

/** Wires Sluice into a Probot app: webhooks make jobs, jobs reconcile repositories. */
export function sluice(
  app: Pick<Probot, 'on' | 'auth'>,
  { appId, log, onOutcome, findRenderer, http = NO_HOSTS, now = Date.now }: SluiceOptions,
): Sluice {
  const host = makeHost(async (installationId) => (await app.auth(installationId)) as Client, log);
  const index = makeSourceIndex();
  const dependencies = {
    host,
    http: makeHttpProber(http, log),
    log,
    reported: new Map<string, string>(),
    index,
    rendering: findRenderer ? makeRendering(findRenderer) : null,
    now,
    onOutcome,
    queue: () => queue,
  };
  const queue = makeMemoryQueue({
    run: (job) => runJob(dependencies, job),
    log,
    concurrency: CONCURRENT_REPOSITORIES,
    retryDelaysMs: RETRY_DELAYS_MS,
  });
  registerIntake(app, { appId, queue, log, learn: host.learn });
  return {
    sweep: () => sweep(host.listRepositories, index, queue, log),
    idle: () => queue.idle(),
    stop: () => queue.stop(),
  };
}
