import type { Settings } from '../domain/settings.ts';
import { answerCommand } from './commands/answer-command.ts';
import { findCommands, type HeardComments } from './commands/find-commands.ts';
import { pressButton } from './commands/press-button.ts';
import { reconcileJob } from './merge-jobs.ts';
import type { LookAgain, PlannedPromotion } from './plan/plan-types.ts';
import type { Job, JobQueue, SourceStore } from './ports/jobs.ts';
import { type Dependencies, type Outcome, reconcile } from './reconcile.ts';
import type { SourceIndex } from './source-index.ts';

/** Reasons in one line of the log; the check runs have all of them. */
const MOST_LOGGED = 50;

export interface RunDependencies extends Dependencies {
  index: SourceIndex;
  /** What other processes have learnt; nothing when there is only this one. */
  sources?: SourceStore;
  heard: HeardComments;
  /** Where further jobs go; the queue that runs this one. */
  queue: () => JobQueue;
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
    return { lookAgainMs: null, lookAt: [] };
  }
}

async function doJob(dependencies: RunDependencies, job: Job): Promise<LookAgain> {
  const { index, log, onOutcome } = dependencies;
  switch (job.kind) {
    case 'reconcile': {
      const { repository, lookAt, ended, queue, isSweep } = job;
      if (job.commands && (await giveCommands(dependencies, job))) return { lookAgainMs: null, lookAt: [] };
      const builds = index.take(repository, job.builds);
      const occasion = { lookAt, builds, ended, queue, isSweep, requests: new Map() };
      const outcome = await reconcile(dependencies, repository, occasion).catch((error: unknown) => {
        index.keep(repository, builds);
        throw error;
      });
      // A config that is broken for a moment must not make its builds homeless: it replaces nothing that is known, and
      // what only a delivery told is kept until it is mended.
      if (outcome.isConfigBroken) index.keep(repository, builds);
      else index.taken(repository, builds);
      if (!outcome.isConfigBroken) await shareSources(dependencies, repository, outcome.settings);
      const early = outcome.isConfigBroken ? [] : index.update(repository, outcome.settings);
      if (early.length > 0) await dependencies.queue().add(reconcileJob(repository, { builds: early }));
      const { promotions, notPromoted } = outcome.plan;
      log.info(
        { repository, promotions: promotions.map(brief), notPromoted: notPromoted.slice(0, MOST_LOGGED) },
        'looked',
      );
      onOutcome?.(repository, outcome);
      throwFailures(outcome);
      return outcome.plan;
    }
    case 'source': {
      const { repository, builds } = job;
      const takers = await findTakers(dependencies, repository);
      for (const gitops of takers) {
        await dependencies.queue().add(reconcileJob(gitops, { lookAt: [repository], builds }));
      }
      if (builds.length > 0) {
        const isHeld = index.hold(builds);
        const types = builds.map(({ type }) => type);
        log.info(
          { repository, types, takers, isHeld },
          takers.length > 0 ? 'dispatch passed on' : 'nobody takes this dispatch',
        );
      }
      return { lookAgainMs: null, lookAt: [] };
    }
    case 'command':
    case 'button': {
      const outcome =
        job.kind === 'command'
          ? await answerCommand(dependencies, job.repository, job.comment)
          : await pressButton(dependencies, job);
      if (outcome) onOutcome?.(job.repository, outcome);
      if (outcome) throwFailures(outcome);
      return outcome?.plan ?? { lookAgainMs: null, lookAt: [] };
    }
  }
}

async function findTakers({ index, sources }: RunDependencies, source: string): Promise<string[]> {
  return [...new Set([...index.find(source), ...((await sources?.find(source)) ?? [])])];
}

async function shareSources(
  { sources }: RunDependencies,
  repository: string,
  settings: Settings | null,
): Promise<void> {
  await sources?.save(repository, settings?.sources.map(({ repository: source }) => source) ?? []);
}

/**
 * Commands that no delivery told of go first, since one may be to stop what the look would do: true when there are any,
 * and the look follows them. That they cannot be asked for stops no promotion.
 */
async function giveCommands(
  { host, index, queue, heard, log, now }: RunDependencies,
  job: Extract<Job, { kind: 'reconcile' }>,
): Promise<boolean> {
  const { repository } = job;
  if (index.hasNoConfig(repository)) return false;
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
