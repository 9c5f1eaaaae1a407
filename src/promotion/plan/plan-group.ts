import { combineGates, type GateResult } from '../../domain/gates/gate.ts';
import { type GroupTrailers, groupFingerprint, parseGroupTrailers } from '../../domain/group-trailers.ts';
import type { NotPromoted } from '../../domain/promotion.ts';
import { promotionMark } from '../observe/observe-pulls.ts';
import type { CheckReport } from '../ports/checks.ts';
import type { Candidate, OpenGroup, Snapshot, Target } from '../snapshot.ts';
import {
  type Composition,
  comingFacts,
  composeGroup,
  type Judged,
  onNextHead,
  releaseOf,
} from './compose-group.ts';
import { describeGroup, describeGroupUpdate, describeMovedGroup, type Member } from './describe-group.ts';
import { bodyMark, type Description } from './describe-promotion.ts';
import { editGroup } from './edit-group.ts';
import { hasApproval } from './is-up-to-date.ts';
import { planHead } from './plan-head.ts';
import { closeObsolete, planForeignHead } from './plan-open.ts';
import type { Action, Part, PlannedPromotion } from './plan-types.ts';
import { reportGates } from './report-gates.ts';
import { reportPromotion } from './report-promotion.ts';

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
  // What comes next of a member may be what it carries: nobody leaves for what GitHub did not tell, and nothing passes.
  const unread = open ? candidates.filter((each) => each.isUnread && each.open) : [];
  if (open && unread.length > 0) return planEmptied(snapshot, unread, open, explained);
  const composition = composeGroup(snapshot, targets, candidates, open, nowMs);
  const notPromoted = [...composition.notPromoted, ...explained];
  const part = planComposed(snapshot, targets, candidates, open, composition, notPromoted, nowMs);
  const looks = [...composition.looksMs, ...(part.lookAgainMs === undefined ? [] : [part.lookAgainMs])];
  return looks.length > 0 ? { ...part, lookAgainMs: Math.min(...looks) } : part;
}

function planComposed(
  snapshot: Snapshot,
  targets: Targets,
  candidates: readonly Candidate[],
  open: OpenGroup | null,
  composition: Composition,
  notPromoted: NotPromoted[],
  nowMs: number,
): Part {
  const { members } = composition;
  if (members.length === 0) {
    return open
      ? planEmptied(snapshot, candidates, open, notPromoted)
      : { actions: [], promotions: [], notPromoted };
  }
  if (!open) return planOpening(snapshot, targets, composition, notPromoted, nowMs);
  return isCurrent(open, members)
    ? planCurrent(snapshot, open, members, notPromoted, nowMs)
    : planUpdate(snapshot, targets, open, composition, notPromoted, nowMs);
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
  snapshot: Snapshot,
  targets: Targets,
  composition: Composition,
  notPromoted: NotPromoted[],
  nowMs: number,
): Part {
  const { base, settings } = snapshot;
  const { members } = composition;
  const { branch, group, environment } = members[0]!.candidate;
  const trailers = trailersOf(group!, environment.name, composition);
  const promotions = members.map(({ promotion }) => promotion);
  const description = describeGroup(trailers, members);
  const action: Action = {
    kind: 'open-promotion',
    promotions,
    branch,
    base: { branch: base.branch, sha: base.commit.sha, treeSha: base.commit.treeSha },
    files: editGroup(base, settings, targets, promotions).files,
    ...description,
    labels: settings.labels,
    reviewers: reviewersOf(members),
    check: reportComing(snapshot, branch, description, members, nowMs),
  };
  return { actions: [action], promotions: members.map((each) => planned(each, null)), notPromoted };
}

function planUpdate(
  snapshot: Snapshot,
  targets: Targets,
  open: OpenGroup,
  composition: Composition,
  notPromoted: NotPromoted[],
  nowMs: number,
): Part {
  const { base, settings } = snapshot;
  const { members, leavers } = composition;
  const next = members.map((member) => onNextHead(member, nowMs));
  const { group, environment } = members[0]!.candidate;
  const { pull } = open;
  const trailers = trailersOf(group!, environment.name, composition);
  const promotions = members.map(({ promotion }) => promotion);
  const description = describeGroup(trailers, members);
  const action: Action = {
    kind: 'update-promotion',
    promotions,
    number: pull.number,
    branch: pull.branch,
    headSha: pull.headSha,
    base: { sha: base.commit.sha, treeSha: base.commit.treeSha },
    files: editGroup(base, settings, targets, promotions).files,
    ...description,
    check: reportComing(snapshot, pull.branch, description, members, nowMs),
    note: describeGroupUpdate(open, members, leavers, trailers.fingerprint, isApproved(members)),
  };
  return { actions: [action], promotions: next.map((each) => planned(each, open)), notPromoted };
}

/** The gates of a head that is to be made, by what its commit is going to say. */
function reportComing(
  snapshot: Snapshot,
  branch: string,
  { commitMessage }: Description,
  members: readonly Member[],
  nowMs: number,
): Omit<CheckReport, 'headSha'> {
  const group = parseGroupTrailers(commitMessage)!;
  const standing = members.map((member, index) => ({
    environment: member.candidate.environment,
    carried: group.members[index]!,
    facts: comingFacts(member),
  }));
  return reportPromotion(snapshot, { branch, headSha: '', group, members: standing }, nowMs).check;
}

/** The pull request carries what it should. */
function planCurrent(
  snapshot: Snapshot,
  open: OpenGroup,
  members: readonly Judged[],
  notPromoted: NotPromoted[],
  nowMs: number,
): Part {
  const { pull } = open;
  const trailers = open.trailers!;
  const { fingerprint, to, left, group } = trailers;
  const carried = new Map(trailers.members.map((each) => [each.application, each]));
  const { gates, check: report } = reportPromotion(
    snapshot,
    {
      branch: pull.branch,
      headSha: pull.headSha,
      group: trailers,
      members: members.map(({ candidate: { application, environment, open: own } }) => ({
        environment,
        carried: carried.get(application)!,
        facts: own?.facts ?? null,
      })),
    },
    nowMs,
  );
  const isToldOf = pull.body.includes(bodyMark(fingerprint));
  const judged = {
    ...open,
    gates,
    report,
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

/** Nobody is left in it: nothing is due any more, or something keeps all of it back, as one does of which too little is known. */
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
      gates,
      report: reportGates(promotionMark(pull.branch, fingerprint), gates),
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
