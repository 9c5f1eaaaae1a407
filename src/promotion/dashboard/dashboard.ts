import type { DashboardHistory, DashboardStore, DashboardView, RenderDashboard } from '../ports/dashboard.ts';
import type { JobQueue, LookMark } from '../ports/jobs.ts';
import type { Log } from '../ports/log.ts';
import type { Outcome } from '../reconcile.ts';
import { digestView } from './see-dashboard.ts';

/** What a process needs to keep dashboards. */
export interface Dashboard {
  render: RenderDashboard;
  store: DashboardStore;
  history: DashboardHistory;
  /** What the last look of this process found, by repository: a cache. */
  seen: SeenViews;
  /** How long a change waits for others that come with it. */
  quietMs: number;
  /** Not more often than once in this time. */
  everyMs: number;
}

export interface SeenView extends LookMark {
  shown: DashboardView;
}

export interface SeenViews {
  get(repository: string): SeenView | undefined;
  set(repository: string, view: SeenView): unknown;
}

/** A release that comes brings several looks within seconds. */
export const QUIET_MS = 15_000;
export const EVERY_MS = 60_000;

interface Dependencies {
  queue: () => Pick<JobQueue, 'addLater'>;
  log: Log;
  now: () => number;
}

/**
 * Has the dashboard written when a look found something new: not at once, but together with what else comes within the
 * next seconds, and at most once a minute. Nothing depends on it, so that nothing stops because of it.
 */
export async function noteLook(
  dashboard: Dashboard,
  { queue, log, now }: Dependencies,
  repository: string,
  outcome: Outcome,
  isCheck: boolean,
): Promise<void> {
  try {
    const { shown, ...look } = rememberView(dashboard, repository, outcome, now());
    const written = await dashboard.store.read(repository);
    if (written ? written.view === look.view && !isCheck : shown.state !== 'pipeline') return;
    const dueMs = Math.max(now() + dashboard.quietMs, (written?.atMs ?? 0) + dashboard.everyMs);
    const job = { kind: 'dashboard', repository, look, ...(isCheck && { isCheck }) } as const;
    await queue().addLater(job, dueMs - now());
  } catch (error) {
    log.warn({ repository, err: error }, 'the dashboard is not asked for; the next look does');
  }
}

/** Keeps what a look found for the text that is to be made of it. */
export function rememberView(
  { seen }: Dashboard,
  repository: string,
  outcome: Outcome,
  atMs: number,
): SeenView {
  const shown = outcome.view();
  const view = { view: digestView(shown), atMs, shown };
  seen.set(repository.toLowerCase(), view);
  return view;
}
