import { combineGates, type GateResult } from '../domain/gates/gate.ts';
import { type GroupTrailers, groupFingerprint } from '../domain/group-trailers.ts';
import type { NotPromoted } from '../domain/promotion.ts';
import { type Composition, composeGroup, type Judged, onNextHead, releaseOf } from './compose-group.ts';
import { describeGroup, describeGroupUpdate, describeMovedGroup, type Member } from './describe-group.ts';
import { bodyMark } from './describe-promotion.ts';
import { editGroup } from './edit-group.ts';
import { hasApproval } from './is-up-to-date.ts';
import { mergeGates } from './merge-gates.ts';
import { promotionMark } from './observe-pulls.ts';
import { planHead } from './plan-head.ts';
import { closeObsolete, planForeignHead } from './plan-open.ts';
import type { Action, Part, PlannedPromotion } from './plan-types.ts';
import { reportGates } from './report-gates.ts';
import type { Candidate, OpenGroup, Snapshot, Target } from './snapshot.ts';

type Targets = ReadonlyMap<string, Target>;

/**
 * Plans one pull request for several applications. Each keeps its own gates, and all must pass. One whose gate fails
 * leaves, so that the others can go on; while all fail, they stay together.
 */
export function planGroup(
  snapshot: Snapshot,
  targets: Targets,
  candidates: readonly Candidate[],
  nowMs: number,
): Part {
  // One of which something could not be read does not know of it.
  const open = candidates.find(({ openGroup }) => openGroup !== null)?.openGroup ?? null;
  if (open && !open.trailers) return planForeignGroup(candidates, open);
  const explained = candidates.flatMap(({ notPromoted }) => notPromoted);
  // Its check run says already that something could not be read; who is in it is not touched meanwhile.
  const isCarried = ({ application }: Candidate) =>
    open?.trailers?.members.some((member) => member.application === application) ?? false;
  if (open && candidates.some((each) => each.isHeld && isCarried(each)))
    return { actions: [], promotions: [], notPromoted: explained };
  const composition = composeGroup(snapshot, targets, candidates, open, nowMs);
  const notPromoted = [...composition.notPromoted, ...explained];
  const { members } = composition;
  if (members.length === 0) {
    return open
      ? planEmptied(snapshot, candidates, open, notPromoted)
      : { actions: [], promotions: [], notPromoted };
  }
  const { keptOut } = composition;
  if (!open) return { ...planOpening(snapshot, targets, composition, notPromoted), keptOut };
  return isCurrent(open, members)
    ? { ...planCurrent(snapshot, open, members, notPromoted), keptOut }
    : { ...planUpdate(snapshot, targets, open, composition, notPromoted, nowMs), keptOut };
}

/** Whether the head carries just these releases, and can be merged as it is. */
function isCurrent(open: OpenGroup, members: readonly Judged[]): boolean {
  if (!open.isAttested || open.mergeable === false) return false;
  if (open.trailers!.fingerprint !== groupFingerprint(members.map(releaseOf))) return false;
  if (!open.isBehind) return true;
  const gates = members.flatMap((member) => member.gates);
  return isApproved(members) && combineGates(gates) !== 'passed';
}

function isApproved(members: readonly Member[]): boolean {
  return members.some(({ candidate: { open } }) => open !== null && hasApproval(open));
}

function trailersOf(
  group: string,
  to: string,
  { members, left }: Composition,
): Omit<GroupTrailers, 'members'> {
  return { group, to, fingerprint: groupFingerprint(members.map(releaseOf)), left };
}

function planOpening(
  { base, settings }: Snapshot,
  targets: Targets,
  composition: Composition,
  notPromoted: NotPromoted[],
): Part {
  const { members } = composition;
  const { branch, group, environment } = members[0]!.candidate;
  const trailers = trailersOf(group!, environment.name, composition);
  const promotions = members.map(({ promotion }) => promotion);
  const action: Action = {
    kind: 'open-promotion',
    promotions,
    branch,
    base: { branch: base.branch, sha: base.commit.sha, treeSha: base.commit.treeSha },
    files: editGroup(base, settings, targets, promotions).files,
    ...describeGroup(trailers, members),
    labels: settings.labels,
    reviewers: reviewersOf(members),
    check: reportGates(promotionMark(branch, trailers.fingerprint), mergeGates(members.map(told))),
  };
  return { actions: [action], promotions: members.map((each) => planned(each, null)), notPromoted };
}

function planUpdate(
  { base, settings }: Snapshot,
  targets: Targets,
  open: OpenGroup,
  composition: Composition,
  notPromoted: NotPromoted[],
  nowMs: number,
): Part {
  const { members, leavers } = composition;
  const next = members.map((member) => onNextHead(member, nowMs));
  const { group, environment } = members[0]!.candidate;
  const { pull } = open;
  const trailers = trailersOf(group!, environment.name, composition);
  const promotions = members.map(({ promotion }) => promotion);
  const action: Action = {
    kind: 'update-promotion',
    promotions,
    number: pull.number,
    branch: pull.branch,
    headSha: pull.headSha,
    base: { sha: base.commit.sha, treeSha: base.commit.treeSha },
    files: editGroup(base, settings, targets, promotions).files,
    ...describeGroup(trailers, members),
    check: reportGates(promotionMark(pull.branch, trailers.fingerprint), mergeGates(next.map(told))),
    note: describeGroupUpdate(open, members, leavers, trailers.fingerprint, isApproved(members)),
  };
  return { actions: [action], promotions: next.map((each) => planned(each, open)), notPromoted };
}

/** The pull request carries what it should. */
function planCurrent(
  snapshot: Snapshot,
  open: OpenGroup,
  members: readonly Judged[],
  notPromoted: NotPromoted[],
): Part {
  const { pull } = open;
  const { trailers } = open;
  const { fingerprint, to, left, group } = trailers!;
  const isToldOf = pull.body.includes(bodyMark(fingerprint));
  const judged = {
    ...open,
    mark: promotionMark(pull.branch, fingerprint),
    gates: mergeGates(members.map(told)),
    facts: members.flatMap(({ candidate }) => candidate.open?.facts ?? []),
    autoMerge: members.every(({ candidate }) => candidate.environment.autoMerge),
    reviewers: reviewersOf(members),
    promotion: describeForLog(members, to),
    description: isToldOf
      ? null
      : {
          ...describeGroup({ group, to, fingerprint, left }, members),
          note: describeMovedGroup(open, fingerprint),
        },
  };
  return {
    ...planHead(snapshot, judged),
    promotions: members.map((each) => planned(each, open)),
    notPromoted,
  };
}

/** Nobody is left in it: nothing is due any more, or something keeps all of it back. */
function planEmptied(
  snapshot: Snapshot,
  candidates: readonly Candidate[],
  open: OpenGroup,
  notPromoted: NotPromoted[],
): Part {
  const { pull, trailers } = open;
  const carried = candidates.filter((each) => each.open);
  const why = notPromoted.filter(({ application }) =>
    carried.some((each) => each.application === application),
  );
  const { to, fingerprint } = trailers!;
  if (!open.isAttested) return planForeignGroup(candidates, open);
  if (why.length > 0) {
    const reasons = why.map(({ application, reason }) => `${application}: ${reason}`);
    const gates: GateResult[] = [{ gate: 'release', state: 'waiting', reason: reasons.join('; ') }];
    const judged = {
      ...open,
      mark: promotionMark(pull.branch, fingerprint),
      gates,
      facts: [],
      autoMerge: false,
      reviewers: [],
      promotion: { application: '', to, release: '' },
      description: null,
    };
    return { ...planHead(snapshot, judged), promotions: [], notPromoted };
  }
  const reason = `${to} holds what there is to promote of these applications already`;
  return { actions: [closeObsolete(pull, reason)], promotions: [], notPromoted };
}

/** The same words as for a promotion that goes alone, told of each member. */
function planForeignGroup(candidates: readonly Candidate[], open: OpenGroup): Part {
  const parts = candidates.map((candidate) => planForeignHead(candidate, open));
  return {
    actions: parts[0]!.actions,
    promotions: [],
    notPromoted: parts.flatMap(({ notPromoted }) => notPromoted),
  };
}

function told({ promotion, gates }: Judged): { application: string; gates: readonly GateResult[] } {
  return { application: promotion.application, gates };
}

function reviewersOf(members: readonly Member[]): string[] {
  return [...new Set(members.flatMap(({ candidate }) => candidate.environment.reviewers))];
}

function describeForLog(
  members: readonly Member[],
  to: string,
): Extract<Action, { kind: 'merge-promotion' }>['promotion'] {
  const of = (what: (member: Member) => string) => members.map(what).join(', ');
  return {
    application: of(({ promotion }) => promotion.application),
    to,
    release: of(({ promotion }) => promotion.release.label),
  };
}

function planned({ promotion, gates }: Judged, open: OpenGroup | null): PlannedPromotion {
  const { application, from, to, release } = promotion;
  return { application, from, to, release: release.label, pull: open?.pull ?? null, gates };
}
