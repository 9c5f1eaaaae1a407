import type { GateFacts } from '../../domain/gates/facts.ts';
import { combineGates, type GateResult } from '../../domain/gates/gate.ts';
import type { MemberRelease } from '../../domain/group-trailers.ts';
import type { NotPromoted } from '../../domain/promotion.ts';
import { fitsTrailer } from '../../domain/trailers.ts';
import type { Candidate, OpenGroup, Snapshot, Target } from '../snapshot.ts';
import type { Leaver, Member } from './describe-group.ts';
import { editGroup } from './edit-group.ts';
import { explainClosed } from './explain-closed.ts';
import { judgeGates } from './judge-gates.ts';
import { nextHeadFacts } from './next-head-facts.ts';
import type { Part } from './plan-types.ts';
import { planUnready } from './plan-unready.ts';
import { timedLooks } from './timed-looks.ts';

/** A member that could be in the pull request, with its gates: those of the head that carries it, or of one to come. */
export interface Judged extends Member {
  gates: GateResult[];
}

/** What a group comes to: who is in its pull request, and who is not and why. */
export interface Composition {
  members: Judged[];
  leavers: Leaver[];
  /** Of those that left because a gate failed: they stay away until there is a newer release. */
  left: MemberRelease[];
  notPromoted: NotPromoted[];
  /** How long until time alone can change who goes with it. */
  looksMs: number[];
}

/**
 * Who of a group goes with its pull request. One whose gate fails, that is held, or that comes `after` another member
 * does not; while that is so for all, those that are in it stay.
 * One that left because a gate had failed stays away until there is a newer release or somebody asks for it.
 */
export function composeGroup(
  { base, settings }: Snapshot,
  targets: ReadonlyMap<string, Target>,
  candidates: readonly Candidate[],
  open: OpenGroup | null,
  nowMs: number,
): Composition {
  const notPromoted: NotPromoted[] = [];
  const leavers: Leaver[] = [];
  const explain = ({ candidate, promotion }: Member, reason: string) => {
    const { application, from, to } = promotion;
    notPromoted.push({ application, from, to, reason });
    if (candidate.open) leavers.push({ application, reason });
  };
  const due = candidates.flatMap((candidate): Member[] =>
    candidate.promotion ? [{ candidate, promotion: candidate.promotion }] : [],
  );
  for (const { open: carried, promotion, notPromoted: why, application } of candidates) {
    if (carried && !promotion)
      leavers.push({ application, reason: why.map(({ reason }) => reason).join('; ') });
  }
  const looksMs: number[] = [];
  const awaited = due.filter((member) => {
    const why = whyAway(member, open);
    if (why !== null) explain(member, why);
    const unready = why === null ? unreadyPart(member, nowMs) : null;
    notPromoted.push(...(unready?.notPromoted ?? []));
    looksMs.push(...(unready?.lookAgainMs === undefined ? [] : [unready.lookAgainMs]));
    return why === null && unready === null;
  });
  const { refused } = editGroup(
    base,
    settings,
    targets,
    awaited.map(({ promotion }) => promotion),
  );
  const judged = awaited.flatMap((member): Judged[] => {
    const reasons = refused.get(member.promotion.application);
    if (reasons) for (const reason of reasons) explain(member, reason);
    return reasons ? [] : [{ ...member, gates: gatesOf(member, nowMs) }];
  });
  const stopped = judged.filter(({ gates }) => stopsOf(gates).length > 0);
  const leaving = stopped.length < judged.length ? stopped : stopped.filter((each) => !isIn(each, judged));
  for (const member of leaving) explain(member, describeStops(member.gates));
  const going = judged.filter((member) => !leaving.includes(member));
  const following = going.filter((member) => comesAfter(member, going));
  const later = following.length < going.length ? following : [];
  looksMs.push(...[...leaving, ...later].flatMap(({ gates }) => timedLooks(gates, nowMs)));
  for (const member of later) explain(member, describe(awaitedOf(member.gates)));
  // One that is held comes back when that ends; a gate that failed may have failed for this very head.
  const failed = leaving.filter(({ candidate, gates }) => candidate.open && combineGates(gates) === 'failed');
  return {
    members: going.filter((member) => !later.includes(member)),
    leavers,
    left: [...stillLeft(due, open), ...failed.map(releaseOf)],
    notPromoted,
    looksMs,
  };
}

/** Why a release that is due is not to come with the group; null when it is. */
function whyAway({ candidate, promotion }: Member, open: OpenGroup | null): string | null {
  const { application, to, release } = promotion;
  if (!fitsTrailer(application))
    return 'its name begins or ends with a space, which the commit of a group cannot name; rename its folder';
  if (candidate.requestedBy) return null;
  const command = `\`/promote ${application} to ${to}\``;
  if (candidate.closed) return explainClosed(promotion, candidate.closed);
  const hasLeft = open?.trailers?.left.some(
    (each) => each.application === application && each.fingerprint === release.fingerprint,
  );
  return hasLeft
    ? `${release.label} left #${open?.pull.number} because a gate had failed; a newer release or ${command} brings it back`
    : null;
}

/** What is not in the pull request yet joins when it is ready, where the config says so. */
function unreadyPart({ candidate, promotion }: Member, nowMs: number): Part | null {
  return candidate.open ? null : planUnready({ ...candidate, notPromoted: [] }, promotion, nowMs);
}

/** Those that left before, and whose release is still the one that is due. */
function stillLeft(due: readonly Member[], open: OpenGroup | null): MemberRelease[] {
  return (open?.trailers?.left ?? []).filter(({ application, fingerprint }) =>
    due.some(
      ({ candidate, promotion }) =>
        promotion.application === application &&
        promotion.release.fingerprint === fingerprint &&
        !candidate.requestedBy,
    ),
  );
}

/** The release that a member is due. */
export function releaseOf({ promotion: { application, release } }: Member): MemberRelease {
  return { application, fingerprint: release.fingerprint };
}

function gatesOf({ candidate, promotion }: Member, nowMs: number): GateResult[] {
  const { open, facts } = candidate;
  const isCarried = open?.trailers?.fingerprint === promotion.release.fingerprint;
  return evaluateBy(isCarried ? open.facts : facts, candidate, nowMs);
}

/** What is known of a member for a head that is to be made. */
export function comingFacts({ candidate: { open, facts } }: Member): GateFacts | null {
  return facts ?? (open && nextHeadFacts(open.facts));
}

/** The same member on a head that is to be made, for which nobody has said anything yet. */
export function onNextHead(member: Judged, nowMs: number): Judged {
  return { ...member, gates: evaluateBy(comingFacts(member), member.candidate, nowMs) };
}

function evaluateBy(facts: GateFacts | null, { environment }: Candidate, nowMs: number): GateResult[] {
  return judgeGates(environment, facts, nowMs).map(({ result }) => result);
}

/** Whether a member is in the pull request, or could be in one as well as any other. */
function isIn({ candidate }: Judged, judged: readonly Judged[]): boolean {
  return candidate.open !== null || judged.every((each) => each.candidate.open === null);
}

/** Gates for which a member does not go with the others: those that failed, and a person's hold. */
function stopsOf(gates: readonly GateResult[]): GateResult[] {
  return gates.filter(({ gate, state }) => state === 'failed' || (gate === 'hold' && state === 'waiting'));
}

function describeStops(gates: readonly GateResult[]): string {
  return describe(stopsOf(gates));
}

function describe(gates: readonly GateResult[]): string {
  return gates
    .map(({ gate, state, reason }) => (state === 'failed' ? `the gate ${gate} failed: ${reason}` : reason))
    .join('; ');
}

/** Whether a member waits for another one to go first, which it never would if they waited for each other's gates. */
function comesAfter({ candidate, gates }: Judged, going: readonly Judged[]): boolean {
  const names = new Set(going.map(({ promotion }) => promotion.application));
  names.delete(candidate.application);
  const isFirst = candidate.environment.gates.some(
    (gate) => gate.kind === 'after' && gate.dependencies.some(({ application }) => names.has(application)),
  );
  return isFirst && awaitedOf(gates).length > 0;
}

function awaitedOf(gates: readonly GateResult[]): GateResult[] {
  return gates.filter(({ gate, state }) => gate === 'after' && state === 'waiting');
}
