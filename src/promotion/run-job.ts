import { answerCommand } from './commands/answer-command.ts';
import { findCommands, type HeardComments } from './commands/find-commands.ts';
import { pressButton } from './commands/press-button.ts';
import { type Dashboard, noteLook } from './dashboard/dashboard.ts';
import { keepDashboard } from './dashboard/keep-dashboard.ts';
import { reconcileJob } from './merge-jobs.ts';
import { nothingTold } from './occasion.ts';
import type { LookAgain, PlannedPromotion } from './plan/plan-types.ts';
import type { DispatchedBuild, Job, JobQueue, SourceStore } from './ports/jobs.ts';
import { type Dependencies, type Outcome, reconcile } from './reconcile.ts';
import { listTaken } from './told-builds.ts';

/** Reasons in one line of the log; the check runs have all of them. */
const MOST_LOGGED = 50;

export interface RunDependencies extends Dependencies {
  sources: SourceStore;
  heard: HeardComments;
  /** Repositories that the last look found without a config: a cache. */
  withoutConfig: Set<string>;
  /** Where further jobs go; the queue that runs this one. */
  queue: () => JobQueue;
  /** Null: there are no dashboards. */
  dashboard: Dashboard | null;
  /** Called with what each reconcile came to. */
  onOutcome?: (repository: string, outcome: Outcome) => void;
}

/**
 * Does one job; says when to look at the repository again by itself. Where nothing can be done any more, there is
 * nothing to try again: what is archived or suspended for a while, the sweep after that finds.
 */
export async function runJob(dependencies: RunDependencies, job: Job): Promise<LookAgain> {
  try {
    return await doJob(dependencies, job);
  } catch (error) {
    const { repository, kind } = job;
    const reason = await dependencies.host.whyAway(repository, error);
    if (reason === null) throw error;
    // What is said there until the App is let in again is found then.
    dependencies.heard.delete(repository);
    dependencies.log.warn({ repository, job: kind, reason }, 'nothing can be done in the repository');
    return NO_LOOK;
  }
}

async function doJob(dependencies: RunDependencies, job: Job): Promise<LookAgain> {
  switch (job.kind) {
    case 'reconcile':
      return lookAt(dependencies, job);
    case 'source':
      return passOn(dependencies, job);
    case 'command':
      return come(dependencies, job, await answerCommand(dependencies, job.repository, job.comment));
    case 'button':
      return come(dependencies, job, await pressButton(dependencies, job));
    case 'rollback': {
      const occasion = {
        lookAt: [],
        readTold: nothingTold,
        ended: [],
        readsStops: true,
        requests: new Map(),
      };
      return come(dependencies, job, await reconcile(dependencies, job.repository, occasion));
    }
    case 'dashboard':
    case 'tick': {
      const { dashboard } = dependencies;
      return come(
        { ...dependencies, dashboard: null },
        job,
        dashboard && (await keepDashboard({ ...dependencies, dashboard }, job)),
      );
    }
  }
}

async function lookAt(
  dependencies: RunDependencies,
  job: Extract<Job, { kind: 'reconcile' }>,
): Promise<LookAgain> {
  const { sources, log } = dependencies;
  const { repository, lookAt: builds, ended, queue, isSweep, dashboard } = job;
  if (job.commands && (await giveCommands(dependencies, job))) return NO_LOOK;
  let told: readonly DispatchedBuild[] = [];
  const readTold = async (of: readonly string[]) => {
    told = await sources.readTold(repository, of);
    return told;
  };
  const defersRollbacks = true;
  const occasion = { lookAt: builds, readTold, ended, queue, isSweep, defersRollbacks, requests: new Map() };
  const outcome = await reconcile(dependencies, repository, occasion);
  await learnSources(dependencies, repository, outcome);
  await sources.taken(repository, listTaken(told, outcome));
  const { promotions, notPromoted, decisions } = outcome.plan;
  if (decisions?.some(({ kind }) => kind === 'begin-rollback'))
    await dependencies.queue().add({ kind: 'rollback', repository });
  log.info(
    { repository, promotions: promotions.map(brief), notPromoted: notPromoted.slice(0, MOST_LOGGED) },
    'looked',
  );
  return come(dependencies, job, outcome, Boolean(isSweep || dashboard));
}

async function passOn(
  { sources, log, queue }: RunDependencies,
  { repository, builds }: Extract<Job, { kind: 'source' }>,
): Promise<LookAgain> {
  // Kept before anybody is asked to look for them.
  await sources.tell(builds);
  const takers = await sources.find(repository);
  for (const gitops of takers) await queue().add(reconcileJob(gitops, { lookAt: [repository] }));
  if (builds.length > 0) {
    const types = builds.map(({ type }) => type);
    log.info(
      { repository, types, takers },
      takers.length > 0 ? 'dispatch passed on' : 'nobody takes this dispatch yet',
    );
  }
  return NO_LOOK;
}

const NO_LOOK: LookAgain = { lookAgainMs: null, lookAt: [] };

/** What a look came to is told, shown, and tried again where it failed; `isCheck`: the dashboard is read in any case. */
async function come(
  dependencies: RunDependencies,
  { repository }: Job,
  outcome: Outcome | null,
  isCheck = false,
): Promise<LookAgain> {
  if (!outcome) return NO_LOOK;
  dependencies.onOutcome?.(repository, outcome);
  const { dashboard } = dependencies;
  if (dashboard) await noteLook(dashboard, dependencies, repository, outcome, isCheck);
  throwFailures(outcome);
  return outcome.plan;
}

/** A config that is broken for a moment takes back nothing that is known. */
async function learnSources(
  { sources, withoutConfig }: RunDependencies,
  repository: string,
  { settings, isConfigBroken }: Outcome,
): Promise<void> {
  if (isConfigBroken) return;
  if (settings) withoutConfig.delete(repository);
  else withoutConfig.add(repository);
  await sources.save(repository, settings?.sources.map(({ repository: source }) => source) ?? []);
}

/**
 * Commands that no delivery told of go first, since one may be to stop what the look would do: true when there are any,
 * and the look follows them. That they cannot be asked for stops no promotion.
 */
async function giveCommands(
  { host, withoutConfig, queue, heard, log, now }: RunDependencies,
  job: Extract<Job, { kind: 'reconcile' }>,
): Promise<boolean> {
  const { repository } = job;
  if (withoutConfig.has(repository)) return false;
  const found: number[] = [];
  const take = async (comment: number) => {
    await queue().add({ kind: 'command', repository, comment });
    found.push(comment);
  };
  try {
    const hasMore = await findCommands(await host.open(repository), heard, now(), take);
    if (found.length === 0 && !hasMore) return false;
    if (found.length > 0)
      log.info({ repository, comments: found }, 'commands found that no delivery told of');
    await queue().add({ ...job, commands: hasMore });
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn(
      { repository, reason },
      'cannot look for commands that no delivery told of; the next sweep does',
    );
    return false;
  }
}

/** All that could be done is done; the queue tries the rest again. */
function throwFailures({ failures }: Outcome): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) {
    throw new AggregateError(
      failures,
      `${failures.length} actions failed; the first: ${failures[0]!.message}`,
    );
  }
}

function brief({ application, to, release, pull, gates }: PlannedPromotion) {
  const open = gates.filter(({ state }) => state !== 'passed' && state !== 'overridden');
  return { application, to, release, pull: pull?.number ?? null, waitsFor: open.map(({ gate }) => gate) };
}
