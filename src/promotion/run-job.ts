import { answerCommand } from './commands/answer-command.ts';
import { pressButton } from './commands/press-button.ts';
import { reconcileJob } from './merge-jobs.ts';
import type { LookAgain, PlannedPromotion } from './plan/plan-types.ts';
import type { Job, JobQueue } from './ports/jobs.ts';
import { type Dependencies, type Outcome, reconcile } from './reconcile.ts';
import type { SourceIndex } from './source-index.ts';

/** Reasons in one line of the log; the check runs have all of them. */
const MOST_LOGGED = 50;

export interface RunDependencies extends Dependencies {
  index: SourceIndex;
  /** Where further jobs go; the queue that runs this one. */
  queue: () => JobQueue;
  /** Called with what each reconcile came to. */
  onOutcome?: (repository: string, outcome: Outcome) => void;
}

/** Does one job; says when to look at the repository again by itself. */
export async function runJob(dependencies: RunDependencies, job: Job): Promise<LookAgain> {
  const { index, log, onOutcome } = dependencies;
  switch (job.kind) {
    case 'reconcile': {
      const { repository, lookAt, ended, queue } = job;
      const builds = index.take(repository, job.builds);
      const occasion = { lookAt, builds, ended, queue, requests: new Map() };
      const outcome = await reconcile(dependencies, repository, occasion).catch((error: unknown) => {
        index.keep(repository, builds);
        throw error;
      });
      // A config that is broken for a moment must not make its builds homeless: it replaces nothing that is known, and
      // what only a delivery told is kept until it is mended.
      if (outcome.isConfigBroken) index.keep(repository, builds);
      else index.taken(repository, builds);
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
      const takers = index.find(repository);
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
