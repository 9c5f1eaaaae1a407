import type { Action, Plan, Refusal } from '../plan/plan-types.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { Storyteller } from '../story/tell-story.ts';
import { announceRollback } from './announce-rollback.ts';
import { closePromotion, deleteBranch, mergePromotion, updatePromotion } from './change-promotion.ts';
import type { Confirm, Doubt } from './confirm-merge.ts';
import { noteOnce } from './note-once.ts';
import { labelPromotion, openPromotion } from './open-promotion.ts';
import { reportDeployment } from './report-deployment.ts';
import { type Rendering, showChange } from './show-change.ts';
import { tryToTell, withKnownStory } from './tell-release.ts';

type Host = RepositoryReader & RepositoryWriter;

/** What a plan came to. */
export interface Applied {
  refusals: Refusal[];
  /** Unexpected answers; what they kept from being done is to be tried again. */
  failures: Error[];
  done: Action[];
  /** What each action came to. */
  results: ActionResult[];
}

export interface ActionResult {
  action: Action['kind'];
  result: 'done' | 'refused' | 'failed';
}

/**
 * Performs a plan, one action after the other; one that fails keeps none of the others from being done. Verdicts come
 * first, so that what was taken back cannot be merged meanwhile; and what is to be merged is looked at once more, by
 * `confirm`, right before it is. Each action is safe to repeat, so that a crash between
 * any two calls leaves nothing that the next reconcile does not complete.
 */
export async function apply(
  host: Host,
  { actions }: Pick<Plan, 'actions'>,
  confirm: Confirm,
  rendering: Rendering | null,
  log: Log,
  storyteller: Storyteller | null = null,
): Promise<Applied> {
  const applied: Applied = { refusals: [], failures: [], done: [], results: [] };
  /** Heads that nothing more is done with: they have merged, or what was to be said on them could not be said. */
  const finished = new Set<string>();
  const writes = actions.filter(isNeeded);
  for (const action of [...writes.filter(isReport), ...writes.filter((each) => !isReport(each))]) {
    if (action.kind === 'merge-promotion' && finished.has(action.headSha)) continue;
    try {
      const refusal = await perform(host, await withKnownStory(action, storyteller, log), confirm, log);
      applied.done.push(action);
      applied.results.push({ action: action.kind, result: nameOf(refusal) });
      if (refusal) {
        log.warn({ repository: host.fullName, ...idsOf(action), ...refusal }, 'not done');
        applied.refusals.push(refusal);
      } else if (action.kind === 'merge-promotion') finished.add(action.headSha);
    } catch (error) {
      if (isReport(action)) finished.add(action.report.headSha);
      const fields = { repository: host.fullName, action: action.kind, ...idsOf(action), err: error };
      log.warn(fields, 'failed; it is tried again');
      applied.results.push({ action: action.kind, result: 'failed' });
      applied.failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  const beside = actions
    .filter(isBeside)
    .filter((each) => !('headSha' in each) || !finished.has(each.headSha));
  for (const action of beside) await tryBeside(host, action, rendering, storyteller, log);
  return applied;
}

/** What is shown and told beside comes last, and keeps nothing from being done. */
type Beside = Extract<Action, { kind: 'show-change' | 'tell-story' | 'report-deployment' }>;

function isBeside(action: Action): action is Beside {
  return ['show-change', 'tell-story', 'report-deployment'].includes(action.kind);
}

function isNeeded(action: Action): action is Exclude<Action, Beside> {
  return !isBeside(action);
}

async function tryBeside(
  host: Host,
  action: Beside,
  rendering: Rendering | null,
  storyteller: Storyteller | null,
  log: Log,
): Promise<void> {
  if (action.kind === 'show-change' && rendering) await tryToShow(host, action, rendering, log);
  if (action.kind === 'tell-story' && storyteller) await tryToTell(host, action, storyteller, log);
  if (action.kind === 'report-deployment') await tryToReportDeployment(host, action, log);
}

async function tryToReportDeployment(
  host: Host,
  action: Extract<Action, { kind: 'report-deployment' }>,
  log: Log,
): Promise<void> {
  const { application, environment, pull } = action.deployment;
  const fields = { repository: host.fullName, application, to: environment, pull: pull.number };
  try {
    await reportDeployment(host, action);
    log.info({ ...fields, state: action.state }, 'deployment reported');
  } catch (error) {
    log.warn({ ...fields, err: error }, 'the deployment is not reported; the next look tries again');
  }
}

/** Nothing depends on what is shown, so it keeps nothing from being done, and is left to the next look. */
async function tryToShow(
  host: Host,
  action: Extract<Action, { kind: 'show-change' }>,
  rendering: Rendering,
  log: Log,
): Promise<void> {
  try {
    await showChange(host, action, rendering, log);
  } catch (error) {
    log.warn({ repository: host.fullName, pull: action.number, err: error }, 'the change is not shown');
  }
}

const nameOf = (refusal: Refusal | null) => (refusal ? 'refused' : 'done');

/** Which promotions an action is about, for the log. */
function idsOf(action: Action): Record<string, unknown> {
  const pull = 'number' in action ? { pull: action.number } : {};
  if ('promotion' in action)
    return { ...pull, application: action.promotion.application, to: action.promotion.to };
  if (!('promotions' in action)) return pull;
  const [first, ...others] = action.promotions;
  const applications = action.promotions.map(({ application }) => application);
  return {
    ...pull,
    ...(others.length === 0 ? { application: first?.application } : { applications }),
    to: first?.to,
  };
}

function isReport<Each extends Action>(action: Each): action is Extract<Each, { kind: 'report-check' }> {
  return action.kind === 'report-check';
}

async function perform(
  host: Host,
  action: Exclude<Action, Beside>,
  confirm: Confirm,
  log: Log,
): Promise<Refusal | null> {
  switch (action.kind) {
    case 'open-promotion':
      return openPromotion(host, action, log);
    case 'update-promotion':
      return updatePromotion(host, action, log);
    case 'describe-promotion':
      if (action.note) await noteOnce(host, action.number, action.note);
      await host.updatePull(action.number, { title: action.title, body: action.body });
      return null;
    case 'label-promotion':
      return labelPromotion(host, action.number, action);
    case 'close-promotion':
      return closePromotion(host, action, log);
    case 'announce-rollback':
      await announceRollback(host, action.number, action.mark);
      return null;
    case 'report-check':
      await host.reportCheck(action.report, action.existing);
      return null;
    case 'merge-promotion': {
      const doubt = await confirm(action);
      return doubt ? refuseMerge(host, action, doubt) : mergePromotion(host, action, log);
    }
    case 'delete-branch':
      await deleteBranch(host, action.branch, action.headSha);
      return null;
  }
}

/** The check must not stay green either. */
async function refuseMerge(
  host: Host,
  { kind, number }: Extract<Action, { kind: 'merge-promotion' }>,
  { reason, promotions, gates, verdict, lookAgainMs }: Doubt,
): Promise<Refusal> {
  for (const { report, existing } of verdict) await host.reportCheck(report, existing);
  return { action: kind, subject: `#${number}`, reason, promotions, gates, lookAgainMs };
}
