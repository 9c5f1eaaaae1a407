import { promotionBranch } from '../domain/branch-name.ts';
import { evaluateGates } from '../domain/gates/evaluate-gates.ts';
import { combineGates, type GateResult } from '../domain/gates/gate.ts';
import type { NotPromoted, Promotion } from '../domain/promotion.ts';
import { targetKey } from '../domain/target.ts';
import { bodyMark, type Description, describePromotion } from './describe-promotion.ts';
import { describeMoved, describeUpdate } from './describe-update.ts';
import { editFiles } from './edit-files.ts';
import { isDueOnBase, isUpToDate } from './is-up-to-date.ts';
import { heldMark, promotionMark } from './observe-pulls.ts';
import { planOtherPull } from './plan-other-pull.ts';
import type { Action, Plan, PlannedPromotion } from './plan-types.ts';
import { planUnreadable, UNREADABLE_DELAY_MS } from './plan-unreadable.ts';
import type { FileEdit, Pull } from './ports.ts';
import { reportGates, reportUnlessSaid } from './report-gates.ts';
import type { Candidate, OpenPromotion, Snapshot, Target } from './snapshot.ts';

/** GitHub computes whether a pull request can be merged in the background; it is asked again after this long. */
const MERGEABILITY_DELAY_MS = 5_000;

interface Part {
  actions: Action[];
  promotions: PlannedPromotion[];
  notPromoted: NotPromoted[];
  lookAgainMs?: number;
}

/** What is to be done, and what is not and why: pure, so that the same snapshot always gives the same plan. */
export function plan(snapshot: Snapshot): Plan {
  const targets = new Map(snapshot.targets.map((target) => [targetKey(target.location), target]));
  const parts = [
    ...snapshot.candidates.map((candidate) => planCandidate(snapshot, targets, candidate)),
    ...snapshot.strays.map((stray) => planStray(stray)),
    {
      actions: snapshot.unreadable.flatMap(planUnreadable),
      promotions: [],
      notPromoted: [],
      lookAgainMs: snapshot.unreadable.length > 0 ? UNREADABLE_DELAY_MS : undefined,
    },
    { actions: snapshot.unreported.map(planOtherPull), promotions: [], notPromoted: [] },
    {
      actions: snapshot.merged.map((ended): Action => ({ kind: 'delete-branch', ...ended })),
      promotions: [],
      notPromoted: [],
    },
  ];
  const looks = parts.flatMap(({ lookAgainMs }: Part) => lookAgainMs ?? []);
  if (snapshot.unasked.length > 0) looks.push(UNREADABLE_DELAY_MS);
  return {
    actions: parts.flatMap(({ actions }) => actions),
    promotions: parts.flatMap(({ promotions }) => promotions),
    notPromoted: [
      ...parts.flatMap(({ notPromoted }) => notPromoted),
      ...snapshot.candidates.flatMap(({ unheard }) => unheard),
    ],
    lookAgainMs: looks.length > 0 ? Math.min(...looks) : null,
    lookAt: snapshot.unasked,
  };
}

function planCandidate(snapshot: Snapshot, targets: ReadonlyMap<string, Target>, candidate: Candidate): Part {
  const { application, environment, promotion, open } = candidate;
  const target = targets.get(targetKey({ application, environment: environment.name }))!;
  if (!promotion) return open ? planWithoutRelease(snapshot, candidate, open) : leaveAlone(candidate);
  if (open && !open.trailers) return planForeignHead(candidate, open);
  if (open && isUpToDate(open, promotion) && !isDueOnBase(open, evaluateGates(environment.gates, open.facts)))
    return planGates(snapshot, candidate, open, promotion, []);
  if (!open && candidate.closed && !candidate.requestedBy)
    return explainClosed(candidate, promotion, candidate.closed);

  const edited = editFiles(snapshot.base, snapshot.settings, target, promotion.changes);
  if (!edited.ok) return planUneditable(snapshot, candidate, promotion, edited.reasons);
  const description = describePromotion(candidate, promotion);
  return open
    ? planUpdate(snapshot, candidate, open, promotion, edited.files, description)
    : planOpening(snapshot, candidate, promotion, edited.files, description);
}

function leaveAlone({ notPromoted }: Candidate): Part {
  return { actions: [], promotions: [], notPromoted: [...notPromoted] };
}

function planOpening(
  { base, settings }: Snapshot,
  candidate: Candidate,
  promotion: Promotion,
  files: FileEdit[],
  description: Description,
): Part {
  const { environment } = candidate;
  const branch = promotionBranch(promotion.application, promotion.to);
  const gates = gatesOf(candidate);
  const action: Action = {
    kind: 'open-promotion',
    promotion,
    branch,
    base: { branch: base.branch, sha: base.commit.sha, treeSha: base.commit.treeSha },
    files,
    ...description,
    labels: settings.labels,
    reviewers: environment.reviewers,
    check: reportGates(promotionMark(branch, promotion.release.fingerprint), gates),
  };
  return {
    actions: [action],
    promotions: [planned(promotion, null, gates)],
    notPromoted: [...candidate.notPromoted],
  };
}

function planUpdate(
  { base }: Snapshot,
  candidate: Candidate,
  open: OpenPromotion,
  promotion: Promotion,
  files: FileEdit[],
  description: Description,
): Part {
  const { pull } = open;
  const gates = gatesOf(candidate);
  const action: Action = {
    kind: 'update-promotion',
    promotion,
    number: pull.number,
    branch: pull.branch,
    headSha: pull.headSha,
    base: { sha: base.commit.sha, treeSha: base.commit.treeSha },
    files,
    ...description,
    check: reportGates(promotionMark(pull.branch, promotion.release.fingerprint), gates),
    note: describeUpdate(open, promotion),
  };
  return {
    actions: [action],
    promotions: [planned(promotion, open, gates)],
    notPromoted: [...candidate.notPromoted],
  };
}

/** The gates of a head that is to be made. */
function gatesOf({ environment, facts }: Candidate): GateResult[] {
  if (facts) return evaluateGates(environment.gates, facts);
  return [{ gate: 'facts', state: 'waiting', reason: 'nothing is known of this promotion yet' }];
}

/** The pull request carries what it should: report its gates, and merge when the config says so. */
function planGates(
  { base, settings }: Snapshot,
  candidate: Candidate,
  open: OpenPromotion,
  promotion: Promotion | null,
  extra: readonly GateResult[],
): Part {
  const { pull, check, head } = open;
  const trailers = open.trailers!;
  const gates = [...extra, ...evaluateGates(candidate.environment.gates, open.facts)];
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
  const known = [
    facts.headChecks,
    facts.sourceChecks,
    facts.reviews,
    facts.reviewers,
    facts.authors,
    facts.requests,
    facts.owners,
  ];
  if (known.some((fact) => !fact.known && fact.isPassing)) return UNREADABLE_DELAY_MS;
  return mergeable === null ? MERGEABILITY_DELAY_MS : undefined;
}

/** Nothing is due, yet a pull request is open: it is obsolete, or something keeps the release from being known. */
function planWithoutRelease(snapshot: Snapshot, candidate: Candidate, open: OpenPromotion): Part {
  const { trailers, pull, mergeable } = open;
  const { isKnown, notPromoted, application, environment } = candidate;
  if (!trailers || !open.isAttested) return planForeignHead(candidate, open);
  const why = notPromoted.map(({ reason }) => reason);
  if (!isKnown && mergeable === false)
    why.push('it conflicts with the default branch; the next build of the application makes it anew');
  if (why.length > 0 || !isKnown) {
    const extra: GateResult[] =
      why.length > 0 ? [{ gate: 'release', state: 'waiting', reason: why.join('; ') }] : [];
    return planGates(snapshot, candidate, open, null, extra);
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
function planForeignHead(candidate: Candidate, open: OpenPromotion): Part {
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

function planStray(open: OpenPromotion): Part {
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

function planUneditable(
  snapshot: Snapshot,
  candidate: Candidate,
  promotion: Promotion,
  reasons: readonly string[],
): Part {
  const { application, from, to } = promotion;
  const notPromoted = reasons.map((reason) => ({ application, from, to, reason }));
  const explained = { ...candidate, notPromoted: [...notPromoted, ...candidate.notPromoted] };
  return candidate.open?.trailers
    ? planWithoutRelease(snapshot, explained, candidate.open)
    : leaveAlone(explained);
}

function explainClosed(
  { notPromoted }: Candidate,
  { application, from, to, release }: Promotion,
  { number, isMerged }: Pick<Pull, 'number' | 'isMerged'>,
): Part {
  const what = isMerged
    ? `was merged in #${number} and has been taken back since`
    : `was closed in #${number}`;
  const reason = `${release.label} ${what}; a newer release or \`/promote ${application} to ${to}\` opens it again`;
  return { actions: [], promotions: [], notPromoted: [{ application, from, to, reason }, ...notPromoted] };
}

function planned(
  { application, from, to, release }: Promotion,
  open: OpenPromotion | null,
  gates: GateResult[],
): PlannedPromotion {
  return { application, from, to, release: release.label, pull: open?.pull ?? null, gates };
}
