import type { GateSpec } from '../../domain/gate-spec.ts';
import { evaluateGates } from '../../domain/gates/evaluate-gates.ts';
import type { GateFacts } from '../../domain/gates/facts.ts';
import type { GateResult } from '../../domain/gates/gate.ts';
import type { Promotion } from '../../domain/promotion.ts';
import type { Candidate } from '../snapshot.ts';
import type { Part } from './plan-types.ts';
import { UNREADABLE_DELAY_MS } from './plan-unreadable.ts';
import { isToBeReadAgain, timedLooks } from './timed-looks.ts';

/**
 * What to do instead of opening a pull request that is to open when it is ready: nothing, but to say what it waits for,
 * and to look again in time. Null when it may open. A person's `/promote` opens it whatever the gates say: they go on
 * guarding its merge.
 */
export function planUnready(
  { environment, facts, requestedBy, notPromoted }: Candidate,
  promotion: Promotion,
  nowMs: number,
): Part | null {
  if (environment.open === 'at-once' || requestedBy !== null || !facts) return null;
  // Some builds are told of only once: what they bring must stand on a pull request.
  if (promotion.from.length === 0) return null;
  const specs = environment.gates.filter((spec) => isReadable(spec, facts));
  const waiting = evaluateGates(specs, facts, nowMs).filter(({ state }) => state !== 'passed');
  if (waiting.length === 0) return null;
  const { application, from, to, release } = promotion;
  const command = `\`/promote ${application} to ${to}\``;
  const why = waiting.map((result) => explain(result, command)).join('; ');
  const reason = `${release.label} is not ready for a pull request (${why}); ${command} opens it at once`;
  const looks = timedLooks(waiting, nowMs);
  if (isToBeReadAgain(facts)) looks.push(UNREADABLE_DELAY_MS);
  return {
    actions: [],
    promotions: [],
    notPromoted: [{ application, from, to, reason }, ...notPromoted],
    ...(looks.length > 0 && { lookAgainMs: Math.min(...looks) }),
  };
}

/** Whether a gate can be passed before there is a pull request: what waits for one must not keep it from being opened. */
function isReadable(spec: GateSpec, { landings }: GateFacts): boolean {
  if (spec.kind === 'approvals') return false;
  if (spec.kind === 'checks') return spec.on === 'source';
  // Where the record does not tell, the clock starts with the commit of the pull request.
  if (spec.kind === 'soak' && spec.since === 'merged' && landings.known)
    return landings.value.every(({ landedMs }) => landedMs !== null);
  return true;
}

function explain({ gate, state, reason }: GateResult, command: string): string {
  if (gate === 'manual') return `manual: somebody who may says ${command}`;
  return `${gate}${state === 'failed' ? ' failed' : ''}: ${reason}`;
}
