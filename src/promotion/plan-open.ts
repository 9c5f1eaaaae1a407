import { evaluateGates } from '../domain/gates/evaluate-gates.ts';
import type { GateFacts } from '../domain/gates/facts.ts';
import { combineGates, type GateResult } from '../domain/gates/gate.ts';
import type { Promotion } from '../domain/promotion.ts';
import { bodyMark, describePromotion } from './describe-promotion.ts';
import { describeMoved } from './describe-update.ts';
import { heldMark, promotionMark } from './observe-pulls.ts';
import type { Action, Part } from './plan-types.ts';
import { UNREADABLE_DELAY_MS } from './plan-unreadable.ts';
import type { Pull } from './ports.ts';
import { reportGates, reportUnlessSaid } from './report-gates.ts';
import type { Candidate, OpenPromotion, Snapshot } from './snapshot.ts';

/** GitHub computes whether a pull request can be merged in the background; it is asked again after this long. */
const MERGEABILITY_DELAY_MS = 5_000;

/** The pull request carries what it should: report its gates, and merge when the config says so. */
export function planGates(
  { base, settings }: Snapshot,
  candidate: Candidate,
  open: OpenPromotion,
  promotion: Promotion | null,
  extra: readonly GateResult[],
  nowMs: number,
): Part {
  const { pull, check, head } = open;
  const trailers = open.trailers!;
  const gates = [...extra, ...evaluateGates(candidate.environment.gates, open.facts, nowMs)];
  const report = {
    ...reportGates(promotionMark(pull.branch, trailers.fingerprint), gates),
    headSha: pull.headSha,
  };
  const actions: Action[] = [];
  if (settings.labels.some((label) => !hasLabel(pull, label))) {
    actions.push({
      kind: 'label-promotion',
      number: pull.number,
      labels: settings.labels,
      reviewers: candidate.environment.reviewers,
    });
  }
  if (promotion && !pull.body.includes(bodyMark(trailers.fingerprint))) {
    const { title, body } = describePromotion(candidate, promotion);
    actions.push({
      kind: 'describe-promotion',
      number: pull.number,
      title,
      body,
      note: describeMoved(open, promotion),
    });
  }
  const isPassed = combineGates(gates) === 'passed';
  const verdict = reportUnlessSaid(report, check);
  actions.push(...verdict);
  // Only once the check is green does GitHub tell whether protection wants the latest base as well.
  const isNewlyPassed = isPassed && verdict.length > 0 && head.parents.at(-1) !== base.commit.sha;
  if (isPassed && candidate.environment.autoMerge) {
    actions.push({
      kind: 'merge-promotion',
      promotion: trailers,
      number: pull.number,
      branch: pull.branch,
      headSha: pull.headSha,
      method: settings.mergeMethod,
      title: `${pull.title} (#${pull.number})`,
      message: head.message.split('\n').slice(1).join('\n').trim(),
    });
  }
  const { application, from, to, release } = trailers;
  return {
    actions,
    promotions: [{ application, from, to, release, pull, gates }],
    notPromoted: [...candidate.notPromoted],
    lookAgainMs: isNewlyPassed ? MERGEABILITY_DELAY_MS : lookAgain(open),
  };
}

/** GitHub takes labels that differ only in case for one. */
function hasLabel({ labels }: Pull, wanted: string): boolean {
  return labels.some((label) => label.toLowerCase() === wanted.toLowerCase());
}

/** GitHub tells of most changes; what it could not tell this time is asked for again. */
function lookAgain({ mergeable, facts }: OpenPromotion): number | undefined {
  if (isUnsure(facts)) return UNREADABLE_DELAY_MS;
  return mergeable === null ? MERGEABILITY_DELAY_MS : undefined;
}

/** Whether GitHub did not tell something this time that it may tell the next time. */
export function isUnsure(facts: GateFacts): boolean {
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
  ];
  return known.some((fact) => !fact.known && fact.isPassing);
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
  const why = notPromoted.map(({ reason }) => reason);
  if (!isKnown && mergeable === false)
    why.push('it conflicts with the default branch; the next build of the application makes it anew');
  if (why.length > 0 || !isKnown) {
    const extra: GateResult[] =
      why.length > 0 ? [{ gate: 'release', state: 'waiting', reason: why.join('; ') }] : [];
    return planGates(snapshot, candidate, open, null, extra, nowMs);
  }
  const reason = `${environment.name} holds what there is to promote of ${application} already`;
  const body = `${pull.body}\n\n---\n**Closed by Sluice**: ${reason}.\n<!-- sluice:obsolete -->`;
  const close: Action = {
    kind: 'close-promotion',
    number: pull.number,
    branch: pull.branch,
    headSha: pull.headSha,
    body,
    reason,
  };
  return { actions: [close], promotions: [], notPromoted: [] };
}

/** A person's commit on the branch is never overwritten: it is reported, and nothing passes with it. */
export function planForeignHead(candidate: Candidate, open: OpenPromotion): Part {
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

export function planStray(open: OpenPromotion): Part {
  const { pull, check } = open;
  const reason =
    'the default branch has no such application or environment any more; close this pull request if that is meant';
  const gates: GateResult[] = [{ gate: 'target', state: 'failed', reason }];
  const report = { ...reportGates(heldMark(pull.branch, 'stray'), gates), headSha: pull.headSha };
  return {
    actions: reportUnlessSaid(report, check),
    promotions: [],
    notPromoted: [],
  };
}
