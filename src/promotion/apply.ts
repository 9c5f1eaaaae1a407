import { closePromotion, deleteBranch, mergePromotion, updatePromotion } from './change-promotion.ts';
import { noteOnce } from './note-once.ts';
import { labelPromotion, openPromotion } from './open-promotion.ts';
import type { Action, Plan, Refusal } from './plan-types.ts';
import type { Log, RepositoryReader, RepositoryWriter } from './ports.ts';
import { type Rendering, showChange } from './show-change.ts';

type Host = RepositoryReader & RepositoryWriter;

/** What a plan came to. */
export interface Applied {
  refusals: Refusal[];
  /** Unexpected answers; what they kept from being done is to be tried again. */
  failures: Error[];
}

/**
 * Performs a plan, one action after the other; one that fails keeps none of the others from being done. Verdicts come
 * first, so that what was taken back cannot be merged meanwhile. Each action is safe to repeat, so that a crash between
 * any two calls leaves nothing that the next reconcile does not complete.
 */
export async function apply(
  host: Host,
  { actions }: Pick<Plan, 'actions'>,
  rendering: Rendering | null,
  log: Log,
): Promise<Applied> {
  const applied: Applied = { refusals: [], failures: [] };
  const unreported = new Set<string>();
  for (const action of [...actions.filter(isReport), ...actions.filter((each) => !isReport(each))]) {
    // What could not be said on a head is not acted on either.
    if (action.kind === 'merge-promotion' && unreported.has(action.headSha)) continue;
    try {
      const refusal = await perform(host, action, rendering, log);
      if (!refusal) continue;
      log.warn({ repository: host.fullName, ...refusal }, 'not done');
      applied.refusals.push(refusal);
    } catch (error) {
      if (isReport(action)) unreported.add(action.report.headSha);
      log.warn({ repository: host.fullName, action: action.kind, err: error }, 'failed; it is tried again');
      applied.failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return applied;
}

function isReport(action: Action): action is Extract<Action, { kind: 'report-check' }> {
  return action.kind === 'report-check';
}

async function perform(
  host: Host,
  action: Action,
  rendering: Rendering | null,
  log: Log,
): Promise<Refusal | null> {
  switch (action.kind) {
    case 'open-promotion':
      return openPromotion(host, action, log);
    case 'update-promotion':
      return updatePromotion(host, action, log);
    case 'describe-promotion':
      await host.updatePull(action.number, { title: action.title, body: action.body });
      if (action.note) await noteOnce(host, action.number, action.note);
      return null;
    case 'label-promotion':
      await labelPromotion(host, action.number, action);
      return null;
    case 'close-promotion':
      return closePromotion(host, action, log);
    case 'report-check':
      await host.reportCheck(action.report, action.existing);
      return null;
    case 'merge-promotion':
      return mergePromotion(host, action, log);
    case 'show-change':
      return rendering ? showChange(host, action, rendering, log) : null;
    case 'delete-branch':
      await deleteBranch(host, action.branch, action.headSha);
      return null;
  }
}
