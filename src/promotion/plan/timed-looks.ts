import type { GateFacts } from '../../domain/gates/facts.ts';
import type { GateResult } from '../../domain/gates/gate.ts';

/** A look that is due at once would only find the clock where it was. */
const SHORTEST_LOOK_MS = 1_000;

/** How long until time alone can change one of the gates, or of the candidates. */
export function timedLooks(gates: readonly Pick<GateResult, 'lookAgainAtMs'>[], nowMs: number): number[] {
  return gates.flatMap(({ lookAgainAtMs }) =>
    lookAgainAtMs === undefined ? [] : Math.max(lookAgainAtMs - nowMs, SHORTEST_LOOK_MS),
  );
}

/** Whether GitHub did not give what it may give the next time: no event tells of that. */
export function isToBeReadAgain(facts: GateFacts): boolean {
  const known = [
    facts.headChecks,
    facts.sourceChecks,
    facts.reviews,
    facts.reviewers,
    facts.authors,
    facts.requests,
    facts.owners,
    facts.landings,
    ...facts.health.values(),
    facts.changes,
    facts.pushers,
    facts.holds,
  ];
  return known.some((fact) => !fact.known && fact.isPassing);
}
