import { reconcileJob } from '../merge-jobs.ts';
import { nothingTold } from '../occasion.ts';
import type { DashboardJob, JobQueue, LookMark, TickJob } from '../ports/jobs.ts';
import { type Dependencies, type Outcome, reconcile } from '../reconcile.ts';
import { type Dashboard, rememberView, type SeenView } from './dashboard.ts';
import { takeTick } from './take-tick.ts';
import { type Written, writeDashboard } from './write-dashboard.ts';

interface KeepDependencies extends Dependencies {
  dashboard: Dashboard;
  queue: () => JobQueue;
}

/** Does the jobs of the dashboard: writes its text, or what a person ticked there. Null when nothing was looked at. */
export async function keepDashboard(
  dependencies: KeepDependencies,
  job: DashboardJob | TickJob,
): Promise<Outcome | null> {
  const { repository } = job;
  if (job.kind === 'tick') {
    const taken = await takeTick(dependencies, job);
    // What is ticked there all the same is dealt with where nobody is known to have ticked it.
    if (!taken) await dependencies.queue().add(reconcileJob(repository, { dashboard: true }));
    else await planAgain(dependencies, repository, taken.written, taken.look);
    return taken?.outcome ?? null;
  }
  const { seen, outcome } = await see(dependencies, job);
  const host = await dependencies.host.open(repository);
  const written = await writeDashboard(dependencies, host, seen, { isCheck: job.isCheck });
  dependencies.log.info({ repository, dashboard: written.result }, 'dashboard');
  await planAgain(dependencies, repository, written, seen);
  return outcome;
}

/** What the last look found. Where another process looked last, or this one is new, it looks by itself. */
async function see(
  dependencies: KeepDependencies,
  { repository, look }: DashboardJob,
): Promise<{ seen: SeenView; outcome: Outcome | null }> {
  const { dashboard, now } = dependencies;
  const known = dashboard.seen.get(repository.toLowerCase());
  if (known && (known.view === look.view || known.atMs > look.atMs)) return { seen: known, outcome: null };
  const occasion = { lookAt: [], readTold: nothingTold, ended: [], requests: new Map() };
  const outcome = await reconcile(dependencies, repository, occasion);
  return { seen: rememberView(dashboard, repository, outcome, now()), outcome };
}

/** A hold that ends by itself, or a tick that nobody told of, is no event. */
async function planAgain(
  { queue, now }: KeepDependencies,
  repository: string,
  { againAtMs, result }: Written,
  { view, atMs }: LookMark,
): Promise<void> {
  if (againAtMs === null) return;
  const look = { view, atMs };
  const isCheck = result === 'ticked' || result === 'written';
  await queue().addLater(
    { kind: 'dashboard', repository, look, ...(isCheck && { isCheck }) },
    Math.max(againAtMs - now(), 1_000),
  );
}
