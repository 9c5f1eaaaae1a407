import { LRUCache } from 'lru-cache';
import type { Probot } from 'probot';
import { renderDashboard } from './dashboard/render-dashboard.ts';
import type { Client } from './github/client.ts';
import { makeHost } from './github/host.ts';
import { makeDeliveryLog } from './github/read-deliveries.ts';
import { type HttpOptions, NO_HOSTS } from './http/http-options.ts';
import { makeHttpProber } from './http/http-prober.ts';
import type { Rendering as RenderedTarget } from './manifests/render/render-target.ts';
import type { Rendering } from './promotion/apply/show-change.ts';
import type { HeardComments } from './promotion/commands/find-commands.ts';
import { type Dashboard, EVERY_MS, QUIET_MS, type SeenView } from './promotion/dashboard/dashboard.ts';
import { makeKeptTargets } from './promotion/observe/kept-targets.ts';
import type { DashboardHistory, DashboardStore } from './promotion/ports/dashboard.ts';
import type { HistoryWriter } from './promotion/ports/history.ts';
import type { SourceStore } from './promotion/ports/jobs.ts';
import type { Log } from './promotion/ports/log.ts';
import type { Notifier } from './promotion/ports/notify.ts';
import type { Outcome } from './promotion/reconcile.ts';
import { runJob } from './promotion/run-job.ts';
import { sweep } from './promotion/sweep.ts';
import type { OpenQueue } from './queue/work-queue.ts';
import { makeRecovery } from './webhooks/recover-deliveries.ts';
import { makeIntake, type TakeEvent } from './webhooks/take-event.ts';

export interface SluiceOptions {
  appId: number;
  log: Log;
  /** Where jobs wait until they are done. */
  openQueue: OpenQueue;
  /** Who takes builds, and the builds that only their delivery tells of. */
  sources: SourceStore;
  /** Keeps what became of promotions; nothing is kept when left out. */
  history?: HistoryWriter;
  /** What dashboards need; there are none when left out. */
  dashboards?: DashboardOptions;
  /** Tells people outside of GitHub; nobody is told when left out. */
  notifier?: Notifier;
  /** Given each client of GitHub before it is used: null is the App's own, which belongs to no installation. */
  prepareClient?: (client: Client, installationId: number | null) => void;
  /** Told what each reconcile came to. */
  onOutcome?: (repository: string, outcome: Outcome) => void;
  /** Finds the program that renders targets; left out, promotions do not show what they change in the cluster. */
  findRenderer?: Rendering['renderer'];
  /** What `http` gates may call; nothing when left out. */
  http?: HttpOptions;
  /** The clock that gates go by: milliseconds since the epoch. */
  now?: () => number;
}

export interface DashboardOptions {
  store: DashboardStore;
  history: DashboardHistory;
}

export interface Sluice {
  /** Has a webhook's work taken; the signature was verified before. Resolves when it can no longer be lost. */
  take: TakeEvent;
  /** Looks at every repository again, and takes what GitHub could not deliver. */
  sweep(): Promise<void>;
  /** Resolves when no work is left. */
  idle(): Promise<void>;
  /** Ends the running work and takes no more. */
  stop(): Promise<void>;
}

const RENDERED_BYTES = 64 * 1024 * 1024;

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

/** Views of thousands of targets each; another one is looked for anew. */
const MOST_VIEWS = 50;

function makeDashboard({ store, history }: DashboardOptions): Dashboard {
  const seen = new LRUCache<string, SeenView>({ max: MOST_VIEWS });
  return { render: renderDashboard, store, history, seen, quietMs: QUIET_MS, everyMs: EVERY_MS };
}

/** Wires Sluice onto a Probot app: webhooks make jobs, jobs reconcile repositories. */
export async function sluice(
  app: Pick<Probot, 'auth'>,
  {
    appId,
    log,
    openQueue,
    sources,
    prepareClient,
    history,
    dashboards,
    notifier,
    onOutcome,
    findRenderer,
    http = NO_HOSTS,
    now = Date.now,
  }: SluiceOptions,
): Promise<Sluice> {
  const host = makeHost(async (installationId) => {
    const client = (await app.auth(installationId)) as Client;
    prepareClient?.(client, installationId ?? null);
    return client;
  }, log);
  const heard: HeardComments = new Map();
  const dependencies = {
    host,
    http: makeHttpProber(http, log),
    log,
    reported: new Map<string, string>(),
    kept: makeKeptTargets(),
    sources,
    heard,
    withoutConfig: new Set<string>(),
    rendering: findRenderer ? makeRendering(findRenderer) : null,
    history,
    dashboard: dashboards ? makeDashboard(dashboards) : null,
    notifier,
    now,
    onOutcome,
    queue: () => queue,
  };
  const queue = await openQueue((job) => runJob(dependencies, job));
  const take = makeIntake({ appId, queue, log, learn: host.learn, now });
  const deliveries = makeDeliveryLog(async () => (await app.auth()) as Client);
  const recover = makeRecovery({ deliveries, sources, take, log, now });
  return {
    take,
    async sweep() {
      // Commands that waited were lost with the database, too.
      if (await sources.isForgetful()) heard.clear();
      try {
        await sweep(host.listRepositories, queue, log);
      } finally {
        await recover();
      }
    },
    idle: () => queue.idle(),
    stop: () => queue.stop(),
  };
}
