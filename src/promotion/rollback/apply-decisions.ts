import type { ActionResult } from '../apply/apply.ts';
import type { Decision, Refusal } from '../plan/plan-types.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { Snapshot } from '../snapshot.ts';
import { beginRollback } from './begin-rollback.ts';
import { liftHold } from './lift-hold.ts';

type Host = RepositoryReader & RepositoryWriter;

/** Stands for whoever asked, where no person did. */
const NOBODY = 'Sluice';

/** What decisions came to. */
export interface Decided {
  refusals: Refusal[];
  failures: Error[];
  results: (Omit<ActionResult, 'action'> & { action: Decision['kind'] })[];
}

/** Writes decisions down, one after the other; one that fails keeps none of the others from being taken. */
export async function applyDecisions(
  host: Host,
  snapshot: Snapshot,
  decisions: readonly Decision[],
  nowMs: number,
  log: Log,
): Promise<Decided> {
  const decided: Decided = { refusals: [], failures: [], results: [] };
  for (const decision of decisions) {
    const { kind } = decision;
    const { application, environment } = kind === 'lift-hold' ? decision.mark : decision.failed;
    const fields = { repository: host.fullName, action: kind, application, to: environment };
    try {
      const refused = await decide(host, snapshot, decision, nowMs);
      if (refused === null) log.info(fields, 'decided');
      else log.warn({ ...fields, reason: refused }, 'not decided');
      const promotions = [{ application, from: [environment], to: environment }];
      if (refused !== null)
        decided.refusals.push({ action: kind, subject: application, reason: refused, promotions });
      decided.results.push({ action: kind, result: refused === null ? 'done' : 'refused' });
    } catch (error) {
      log.warn({ ...fields, err: error }, 'failed; it is tried again');
      decided.results.push({ action: kind, result: 'failed' });
      decided.failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return decided;
}

/** Null when it was taken; else why not. */
async function decide(
  host: Host,
  snapshot: Snapshot,
  decision: Decision,
  nowMs: number,
): Promise<string | null> {
  if (decision.kind === 'lift-hold') return liftHold(host, decision, nowMs);
  const { application, environment, pull, reason } = decision.failed;
  const order = {
    target: { application, environment },
    to: null,
    actor: NOBODY,
    reason,
    url: pull.url,
    saidAtMs: nowMs,
    isAutomatic: true,
  };
  const begun = await beginRollback(host, snapshot, order, nowMs);
  return begun.known ? null : `it failed (${reason}), and cannot be rolled back: ${begun.reason}`;
}
