import type { Build } from '../../domain/build.ts';
import type { GateSpec } from '../../domain/gate-spec.ts';
import type { GateFacts, PromoteRequest, PromotionFact } from '../../domain/gates/facts.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { policyNeeds } from '../../domain/gates/policy.ts';
import type { PolicyNeed } from '../../domain/policy-object.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { UNKNOWN_AUTHOR } from '../../domain/trailers.ts';
import { flattenUnknown } from '../or-unknown.ts';
import type { FoundPromotion } from '../snapshot.ts';
import type { FactsInput } from './facts-input.ts';
import { type Carrier, readAuthors } from './observe-authors.ts';

/** What is known of a head before it is made. */
export interface ComingHead {
  builds: readonly Build[];
  /** What the open pull request holds already is part of it. */
  isCarriedOn: boolean;
  /** The pull request that the head is to replace one of. */
  open: FoundPromotion | null;
  requestedBy: string | null;
  /** Labels that Sluice sets. */
  labels: readonly string[];
}

type Facts = Pick<GateFacts, 'promotion' | 'actors' | 'authors'>;

export function hasPolicy(gates: readonly GateSpec[]): boolean {
  return gates.some(({ kind }) => kind === 'policy');
}

export function asksActors(needs: ReadonlySet<PolicyNeed>): boolean {
  return needs.has('actor') || needs.has('actors');
}

/** What an open pull request carries; known only while that is what is due. */
export function carriedFact(due: Promotion | null, { trailers, pull }: FoundPromotion): Known<PromotionFact> {
  if (due === null) return unknown('what this pull request carries is not due any more, or not known now');
  return trailers?.fingerprint === due.release.fingerprint
    ? known(toFact(due, pull.labels))
    : unknown('this pull request does not carry what is due now');
}

function toFact(
  { application, from, to, release, changes }: Promotion,
  labels: readonly string[],
): PromotionFact {
  return { application, from, to, release, changes, labels };
}

export function toActors(requests: Known<readonly PromoteRequest[]>): Known<readonly string[]> {
  return requests.known
    ? known(requests.value.filter(({ isApproval }) => !isApproval).map(({ requester }) => requester))
    : requests;
}

/**
 * What policies see of a head that is to be made. It must be as true as what they see later: a rule that denies nothing
 * yet would leave the check green until the next look.
 */
export async function observeComing(input: FactsInput, coming: ComingHead): Promise<Facts> {
  const { due } = input;
  if (due === null) {
    const nothing = unknown('there is nothing to promote now');
    return { promotion: nothing, actors: nothing, authors: nothing };
  }
  const needs = policyNeeds(input.gates);
  const labels = [...new Set([...coming.labels, ...(coming.open?.pull.labels ?? [])])];
  return {
    promotion: known(toFact(due, labels)),
    actors: asksActors(needs) ? actorsOf(due, coming) : known([]),
    authors: await flattenUnknown('the authors', async () =>
      needs.has('authors') ? readAuthors(input, { trailers: carrierOf(due, coming) }) : known([]),
    ),
  };
}

/** Comments on the pull request count for a head that carries the same release; they are read once it is there. */
function actorsOf({ release }: Promotion, { open, requestedBy }: ComingHead): Known<readonly string[]> {
  if (open?.trailers?.fingerprint === release.fingerprint)
    return unknown('who asked is looked up on the new head of this pull request');
  return known(requestedBy === null ? [] : [requestedBy]);
}

function carrierOf(
  { application, from, rollsBack }: Promotion,
  { builds, isCarriedOn, open }: ComingHead,
): Carrier {
  const carried = isCarriedOn ? (open?.trailers?.authors ?? [UNKNOWN_AUTHOR]) : [];
  const authors = [...carried, ...builds.map(({ author }) => author ?? UNKNOWN_AUTHOR)];
  return { application, from: [...from], authors, source: null, ...(rollsBack && { rollsBack }) };
}
