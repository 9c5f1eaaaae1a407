import { combineGates, type GateResult } from '../../domain/gates/gate.ts';
import type { Promotion } from '../../domain/promotion.ts';
import type { Candidate, OpenPromotion } from '../snapshot.ts';

/** The same, and whether the head says as it should that somebody named the release. */
export function isAsNamed(
  open: OpenPromotion,
  promotion: Promotion,
  { namedBy }: Pick<Candidate, 'namedBy'>,
): boolean {
  const isNamed = open.trailers?.namedBy !== undefined;
  return isUpToDate(open, promotion) && isNamed === (namedBy !== undefined);
}

/** Whether the head is what Sluice planned for the release, and can still be merged. */
export function isUpToDate(
  { trailers, mergeable, isAttested }: OpenPromotion,
  { release, rollsBack }: Promotion,
): boolean {
  const isSame =
    trailers?.fingerprint === release.fingerprint &&
    trailers.rollsBack?.fingerprint === rollsBack?.fingerprint;
  return isAttested && isSame && mergeable !== false;
}

/**
 * Whether to make a promotion anew because protection lets only heads merge that hold the latest base. Approvals are
 * lost with it: so it is done before there is one, and again only when nothing else is missing.
 */
export function isDueOnBase(open: OpenPromotion, gates: readonly GateResult[]): boolean {
  if (!open.isBehind) return false;
  return !hasApproval(open) || combineGates(gates) === 'passed';
}

export function hasApproval({ facts, pull }: OpenPromotion): boolean {
  const { reviews } = facts;
  return (
    !reviews.known || reviews.value.some(({ state, sha }) => state === 'approved' && sha === pull.headSha)
  );
}
