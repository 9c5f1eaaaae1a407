import type { GateResult } from '../../domain/gates/gate.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { heldMark, OBSOLETE_MARK } from '../observe/observe-pulls.ts';
import type { Pull } from '../ports/pulls.ts';
import type { Candidate, OpenPromotion, Snapshot } from '../snapshot.ts';
import { bodyMark, describePromotion } from './describe-promotion.ts';
import { describeMoved } from './describe-update.ts';
import { planHead } from './plan-head.ts';
import type { Action, Part } from './plan-types.ts';
import { reportGates, reportUnlessSaid } from './report-gates.ts';
import { reportPromotion } from './report-promotion.ts';

/** The pull request carries what it should: report its gates, and merge when the config says so. */
export function planGates(
  snapshot: Snapshot,
  candidate: Candidate,
  open: OpenPromotion,
  promotion: Promotion | null,
  extra: readonly GateResult[],
  nowMs: number,
): Part {
  const { pull, facts } = open;
  const trailers = open.trailers!;
  const { environment } = candidate;
  const { branch, headSha } = pull;
  const standing = {
    branch,
    headSha,
    group: null,
    members: [{ environment, carried: trailers, facts, extra }],
  };
  const { gates, check: report } = reportPromotion(snapshot, standing, nowMs);
  const isToldOf = !promotion || pull.body.includes(bodyMark(trailers.fingerprint));
  const judged = {
    ...open,
    gates,
    report,
    facts: [facts],
    autoMerge: environment.autoMerge,
    reviewers: environment.reviewers,
    rollsBack: trailers.rollsBack,
    promotion: trailers,
    description: isToldOf
      ? null
      : { ...describePromotion(candidate, promotion), note: describeMoved(open, promotion) },
  };
  const { application, from, to, release } = trailers;
  return {
    ...planHead(snapshot, judged),
    promotions: [{ application, from, to, release, pull, gates }],
    notPromoted: [...candidate.notPromoted],
  };
}

/** Nothing is due, yet a pull request is open: it is obsolete, or something keeps the release from being known. */
export function planWithoutRelease(
  snapshot: Snapshot,
  candidate: Candidate,
  open: OpenPromotion,
  nowMs: number,
): Part {
  const { trailers, pull, mergeable } = open;
  const { isKnown, notPromoted, application, environment } = candidate;
  if (!trailers || !open.isAttested) return planForeignHead(candidate, open);
  if (trailers.rollsBack && !candidate.rollback) {
    const reason = `${environment.name} does not hold ${trailers.rollsBack.release} any more, or the hold of the rollback was ended: there is nothing to roll back`;
    return { actions: [closeObsolete(pull, reason)], promotions: [], notPromoted: [...notPromoted] };
  }
  const why = notPromoted.map(({ reason }) => reason);
  if (!isKnown && mergeable === false)
    why.push('it conflicts with the default branch; the next build of the application makes it anew');
  if (why.length > 0 || !isKnown) {
    const extra: GateResult[] =
      why.length > 0 ? [{ gate: 'release', state: 'waiting', reason: why.join('; ') }] : [];
    return planGates(snapshot, candidate, open, null, extra, nowMs);
  }
  const reason = `${environment.name} holds what there is to promote of ${application} already`;
  return { actions: [closeObsolete(pull, reason)], promotions: [], notPromoted: [] };
}

/** A person's commit on the branch is never overwritten: it is reported, and nothing passes with it. */
export function planForeignHead(
  candidate: Candidate,
  open: Pick<OpenPromotion, 'head' | 'pull' | 'check'>,
): Part {
  const { head, pull, check } = open;
  const author = head.authorLogin ?? head.authorName;
  const reason =
    `the head ${head.sha.slice(0, 7)} by ${author} is not what Sluice planned. Sluice leaves it alone: ` +
    'remove the commit, or close this pull request and delete its branch, and Sluice opens a new one';
  const gates: GateResult[] = [{ gate: 'head', state: 'failed', reason }];
  const report = { ...reportGates(heldMark(pull.branch, 'foreign'), gates), headSha: pull.headSha };
  const { application, environment } = candidate;
  const from = environment.from;
  return {
    actions: reportUnlessSaid(report, check),
    promotions: [],
    notPromoted: [{ application, from, to: environment.name, reason }, ...candidate.notPromoted],
  };
}

/** A pull request that no target goes by any more: closed where another one takes its place, else held back. */
export function planStray({ candidates }: Pick<Snapshot, 'candidates'>, open: OpenPromotion): Part {
  const { pull, check, trailers, group, isAttested } = open;
  const carried = group?.members ?? (trailers ? [trailers] : []);
  const isMoved = carried.some(({ application, to }) =>
    candidates.some((each) => each.application === application && each.environment.name === to),
  );
  const nothing = { promotions: [], notPromoted: [] };
  if (isMoved && isAttested) {
    const reason = 'by the config, other pull requests carry this now';
    return { ...nothing, actions: [closeObsolete(pull, reason)] };
  }
  const reason =
    'the default branch has no such application or environment any more; close this pull request if that is meant';
  const gates: GateResult[] = [{ gate: 'target', state: 'failed', reason }];
  const report = { ...reportGates(heldMark(pull.branch, 'stray'), gates), headSha: pull.headSha };
  return { ...nothing, actions: reportUnlessSaid(report, check) };
}

/** Closed by Sluice: nobody decided against its releases. */
export function closeObsolete({ number, branch, headSha, body: before }: Pull, reason: string): Action {
  const body = `${before}\n\n---\n**Closed by Sluice**: ${reason}.\n${OBSOLETE_MARK}`;
  return { kind: 'close-promotion', number, branch, headSha, body, reason };
}
