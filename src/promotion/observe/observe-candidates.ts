import { evaluateGates } from '../../domain/gates/evaluate-gates.ts';
import type { GateFacts } from '../../domain/gates/facts.ts';
import { known } from '../../domain/gates/gate.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { targetKey } from '../../domain/target.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import type { PromotionRequest } from '../occasion.ts';
import { once } from '../once.ts';
import { orUnreadable, splitUnreadable } from '../or-unknown.ts';
import { bodyMark } from '../plan/describe-promotion.ts';
import { editFiles } from '../plan/edit-files.ts';
import { isAsNamed, isDueOnBase, isUpToDate } from '../plan/is-up-to-date.ts';
import { labelsOf } from '../plan/labels-of.ts';
import type { Pull } from '../ports/pulls.ts';
import type { Candidate, Decided, FoundPromotion, OpenPromotion, Origin, Unreadable } from '../snapshot.ts';
import { arrivalsOf, atSource } from './at-source.ts';
import type { CandidateContext } from './candidate-context.ts';
import type { FactsInput } from './facts-input.ts';
import { type FollowChanges, followerOf } from './follow-changes.ts';
import { liftedBy, withoutBad } from './observe-bad.ts';
import { adoptBranchUpdate } from './observe-branch-update.ts';
import { findAgainst } from './observe-ended.ts';
import { observeFacts, observeNewFacts } from './observe-facts.ts';
import { memberOf, type ObservedGroup, observeGroups } from './observe-group.ts';
import { findOrigin, toOrigin } from './observe-origin.ts';
import { findGatesCheck, isAttested, isShown, type SortedPulls } from './observe-pulls.ts';
import { requesterOf } from './observe-rollbacks.ts';
import { shareClosed } from './share-closed.ts';

/** One at a time would be slow for a hundred applications, all at once would be a burst. */
const CONCURRENT_CANDIDATES = 4;

/**
 * Reads what is known of each decided promotion: its pull request, or one that was closed, its origin, its facts.
 * What GitHub does not give of one concerns that one alone.
 */
export async function observeCandidates(
  outer: CandidateContext,
  decided: readonly Decided[],
  pulls: SortedPulls,
  requests: ReadonlyMap<string, PromotionRequest>,
): Promise<{ candidates: Candidate[]; unreadable: Unreadable[] }> {
  const context = { ...outer, reader: shareClosed(outer.reader, branchesToOpen(decided, pulls)) };
  const { groups, unreadable: lostGroups } = await observeGroups(context, decided, pulls.promotions);
  const lostPulls = [...pulls.unreadable, ...lostGroups];
  const unreadable = [...lostPulls];
  const candidates = await mapConcurrently(decided, CONCURRENT_CANDIDATES, async (each) => {
    const { application, branch } = each;
    const isHere = ({ pull }: { pull: Pull | null }) => pull?.branch === branch;
    const lost = lostPulls.find(isHere);
    const occupant = pulls.occupying.find((pull) => isHere({ pull }));
    const found = pulls.promotions.find(isHere) ?? null;
    if (lost) return held(each, lost.reason);
    if (occupant && !found) return each.promotion ? held(each, describeOccupant(occupant)) : held(each);
    const group = groups.get(branch) ?? null;
    if (!each.promotion && !found && !group) return { ...each, ...NOTHING_KNOWN };
    // The pull request of a group is no concern of one that is yet to join.
    const own = group ? memberOf(group.found, application) : found;
    const read = await orUnreadable(own?.pull ?? null, () =>
      observeCandidate(context, each, found, requesterOf(each, requests), group),
    );
    if (!('reason' in read)) return read;
    unreadable.push(read);
    return held(each, read.reason);
  });
  return { candidates, unreadable };
}

/** Branches that a pull request may be opened from. */
function branchesToOpen(decided: readonly Decided[], { promotions }: SortedPulls): string[] {
  const open = new Set(promotions.map(({ pull }) => pull.branch));
  const due = decided.filter(({ promotion, branch }) => promotion !== null && !open.has(branch));
  return [...new Set(due.map(({ branch }) => branch))];
}

/** What is known of thousands of targets, of which nothing is due and nothing is open. */
const NOTHING_KNOWN = {
  open: null,
  openGroup: null,
  closed: null,
  origin: null,
  facts: null,
  requestedBy: null,
};

/** A candidate that nothing is done with for now, and why. */
function held(decided: Decided, reason?: string): Candidate {
  const { application, environment, notPromoted } = decided;
  const why = reason ? [{ application, from: environment.from, to: environment.name, reason }] : [];
  return {
    ...decided,
    ...NOTHING_KNOWN,
    promotion: null,
    notPromoted: [...why, ...notPromoted],
    isHeld: true,
  };
}

function describeOccupant({ number, author, branch, base }: Pull): string {
  return `#${number} by ${author}, into ${base}, stands on the branch ${branch}, which is Sluice's; close it, and Sluice opens the promotion`;
}

async function observeCandidate(
  outer: CandidateContext,
  due: Decided,
  found: FoundPromotion | null,
  requestedBy: string | null,
  group: ObservedGroup | null,
): Promise<Candidate> {
  const { application } = due;
  const context = group ? { ...outer, reader: group.reader } : outer;
  const carried = group ? memberOf(group.found, application) : found;
  // What stops promotions is read with the facts of a pull request, or once one is to be made.
  const possible = carried ? await withoutBad(context, due) : due;
  const adopted = group ? carried : await adopt(context, possible, found);
  const follow = followerOf(atSource(context, possible), possible.promotion);
  const open = adopted && (await observeOpen(context, possible, adopted, follow));
  const closed = await findAgainst(context.reader, possible, { adopted, requestedBy });
  if (closed && 'taken' in closed) return held(possible, closed.taken);
  const decided = closed ? possible : await withoutBad(context, possible);
  const { promotion } = decided;
  const openGroup = group?.open ?? null;
  const candidate: Candidate = {
    ...decided,
    open,
    openGroup,
    closed,
    origin: null,
    facts: null,
    requestedBy: closed ? null : requestedBy,
    ...(!closed && (await liftedBy(context, decided))),
  };
  if (!promotion || closed || (open && !open.trailers)) return candidate;
  if (open && adopted && isAsDue(context, decided, open, group)) {
    // A group may be made anew for another of its members, and one that does not speak yet of what it carries will.
    const isTold = group === null && open.pull.body.includes(bodyMark(promotion.release.fingerprint));
    return isTold ? candidate : { ...candidate, origin: await firstOriginOf(context, decided, adopted) };
  }
  const next = { ...decided, promotion, requestedBy, open: adopted ?? group?.found ?? null };
  return { ...candidate, ...(await observeNext(context, next, follow)) };
}

async function firstOriginOf(
  context: CandidateContext,
  decided: Decided,
  adopted: FoundPromotion,
): Promise<Origin | null> {
  return (await originsOf(context, decided, adopted))[0] ?? null;
}

/** What is known of a head that is to be made. */
async function observeNext(
  context: CandidateContext,
  next: Decided & { promotion: Promotion; requestedBy: string | null; open: FoundPromotion | null },
  follow: FollowChanges,
): Promise<Pick<Candidate, 'origin' | 'facts'>> {
  const { promotion } = next;
  const origins = once(() => findOrigins(atSource(context, next), promotion.from, promotion));
  const coming = { ...next, labels: labelsOf(context.settings, promotion.rollsBack) };
  const facts = await observeNewFacts(factsInput(context, next, origins, follow), coming);
  return { origin: (await origins())[0] ?? null, facts };
}

/** Whether an open promotion carries what is due, and need not be made anew. */
function isAsDue(
  { nowMs }: CandidateContext,
  decided: Decided,
  open: OpenPromotion,
  group: ObservedGroup | null,
): boolean {
  const { promotion, environment } = decided;
  if (promotion === null) return false;
  // A group is made anew for its releases alone.
  if (group !== null) return isUpToDate(open, promotion);
  if (!isAsNamed(open, promotion, decided)) return false;
  return !isDueOnBase(open, evaluateGates(environment.gates, open.facts, nowMs));
}

async function adopt(
  { reader, base, settings, byTarget }: CandidateContext,
  { application, environment, promotion }: Decided,
  found: FoundPromotion | null,
): Promise<FoundPromotion | null> {
  if (!found) return null;
  const target = byTarget.get(targetKey({ application, environment: environment.name }));
  return adoptBranchUpdate(reader, base, found, () => {
    const edited = promotion && target ? editFiles(base, settings, target, promotion.changes) : null;
    return edited?.ok ? edited.files : null;
  });
}

/** Reads what is known of a promotion that has no pull request. */
export function observeUnopened(
  context: CandidateContext,
  candidate: Candidate,
  promotion: Promotion,
): Promise<GateFacts> {
  const place = atSource(context, candidate);
  const origins = once(() => findOrigins(place, promotion.from, promotion));
  const input = factsInput(context, candidate, origins, followerOf(place, promotion));
  const labels = labelsOf(context.settings, promotion.rollsBack);
  return observeNewFacts(input, { ...candidate, open: null, requestedBy: null, labels });
}

/** Reads what is known of an open promotion now. */
export async function observeOpen(
  context: CandidateContext,
  decided: Decided,
  found: FoundPromotion,
  follow = followerOf(atSource(context, decided), decided.promotion),
): Promise<OpenPromotion> {
  const origins = once(() => originsOf(context, decided, found));
  return withFacts(factsInput(context, decided, origins, follow), found);
}

async function withFacts(input: FactsInput, found: FoundPromotion): Promise<OpenPromotion> {
  const { facts, own } = await observeFacts(input, found);
  return {
    ...found,
    check: findGatesCheck(own),
    isShown: isShown(found, own),
    isAttested: isAttested(found, own),
    facts,
  };
}

/** Promotions of targets that are no more: no gate speaks for them. */
export async function observeStrays(
  context: CandidateContext,
  strays: readonly FoundPromotion[],
): Promise<{ strays: OpenPromotion[]; unreadable: Unreadable[] }> {
  const input: FactsInput = {
    ...context,
    due: null,
    gates: [],
    noOverride: [],
    promoters: context.settings.permissions.promote,
    location: { application: '', environment: '' },
    origins: async () => [],
    arrivals: async () => known([]),
    builds: [],
    follow: followerOf(context, null),
  };
  const read = await mapConcurrently(strays, CONCURRENT_CANDIDATES, (found) =>
    orUnreadable(found.pull, () => withFacts(input, found)),
  );
  const { found, unreadable } = splitUnreadable(read);
  return { strays: found, unreadable };
}

function factsInput(
  context: CandidateContext,
  decided: Pick<Decided, 'application' | 'environment' | 'promotion' | 'builds' | 'stay'>,
  origins: FactsInput['origins'],
  follow: FollowChanges,
): FactsInput {
  const { application, environment, promotion, builds } = decided;
  const arrivals = once(() => arrivalsOf(context, decided));
  const location = { application, environment: environment.name };
  return {
    ...context,
    due: promotion,
    gates: environment.gates,
    noOverride: environment.noOverride,
    promoters: environment.permissions?.promote ?? context.settings.permissions.promote,
    location,
    origins,
    arrivals,
    builds,
    follow,
  };
}

/** A promotion remembers its origin in its trailers; only one that has several sources is searched again. */
async function originsOf(
  context: CandidateContext,
  decided: Decided,
  { trailers }: FoundPromotion,
): Promise<(Origin | null)[]> {
  if (trailers?.origin && trailers.from.length === 1) {
    return [toOrigin(await context.reader.readCommit(trailers.origin))];
  }
  const { promotion } = decided;
  return promotion ? findOrigins(atSource(context, decided), promotion.from, promotion) : [];
}

async function findOrigins(
  { reader, base, settings, byTarget }: CandidateContext,
  from: readonly string[],
  promotion: Promotion,
): Promise<(Origin | null)[]> {
  return Promise.all(
    from.map((environment) => {
      const source = byTarget.get(targetKey({ application: promotion.application, environment }));
      return source ? findOrigin(reader, base, settings.promote, source, promotion) : null;
    }),
  );
}
