import { evaluateGates } from '../../domain/gates/evaluate-gates.ts';
import type { GateResult } from '../../domain/gates/gate.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { targetKey } from '../../domain/target.ts';
import { parseTrailers } from '../../domain/trailers.ts';
import type { FileEdit } from '../ports/git.ts';
import type { Candidate, OpenPromotion, Snapshot, Target } from '../snapshot.ts';
import { type Description, describePromotion } from './describe-promotion.ts';
import { describeUpdate } from './describe-update.ts';
import { editFiles } from './edit-files.ts';
import { explainClosed } from './explain-closed.ts';
import { isAsNamed, isDueOnBase } from './is-up-to-date.ts';
import { labelsOf } from './labels-of.ts';
import { planDeployments } from './plan-deployments.ts';
import { planGroup } from './plan-group.ts';
import { planForeignHead, planGates, planStray, planWithoutRelease } from './plan-open.ts';
import { planOtherPull } from './plan-other-pull.ts';
import { planRollbacks } from './plan-rollbacks.ts';
import type { Action, Part, Plan, PlannedPromotion } from './plan-types.ts';
import { planUnreadable, UNREADABLE_DELAY_MS } from './plan-unreadable.ts';
import { planUnready } from './plan-unready.ts';
import { reportPromotion } from './report-promotion.ts';
import { timedLooks } from './timed-looks.ts';

/**
 * What is to be done, and what is not and why: pure, so that the same snapshot at the same time always gives the same
 * plan.
 */
export function plan(snapshot: Snapshot, nowMs: number): Plan {
  const targets = dueTargets(snapshot);
  const parts = [
    planRollbacks(snapshot),
    planDeployments(snapshot, nowMs),
    ...planAlone(snapshot, targets, nowMs),
    ...groupsOf(snapshot).map((candidates) => planGroup(snapshot, targets, candidates, nowMs)),
    ...snapshot.strays.map((stray) => planStray(snapshot, stray)),
    {
      actions: snapshot.unreadable.flatMap(planUnreadable),
      promotions: [],
      notPromoted: [],
      lookAgainMs: snapshot.unreadable.length > 0 ? UNREADABLE_DELAY_MS : undefined,
    },
    planOthers(snapshot),
    {
      actions: snapshot.leftovers.map((ended): Action => ({ kind: 'delete-branch', ...ended })),
      promotions: [],
      notPromoted: [],
    },
  ];
  const looks = parts.flatMap(({ lookAgainMs }: Part) => lookAgainMs ?? []);
  const decisions = parts.flatMap((part: Part) => part.decisions ?? []);
  if (snapshot.unasked.length > 0) looks.push(UNREADABLE_DELAY_MS);
  looks.push(...timedLooks(snapshot.candidates, nowMs));
  looks.push(
    ...parts.flatMap(({ promotions }) => promotions.flatMap(({ gates }) => timedLooks(gates, nowMs))),
  );
  return {
    actions: parts.flatMap(({ actions }) => actions),
    promotions: parts.flatMap(({ promotions }) => promotions),
    notPromoted: [
      ...parts.flatMap(({ notPromoted }) => notPromoted),
      ...snapshot.candidates.flatMap(({ unheard }) => unheard),
    ],
    lookAgainMs: looks.length > 0 ? Math.min(...looks) : null,
    lookAt: snapshot.unasked,
    ...(decisions.length > 0 && { decisions }),
  };
}

/** Only applications that something is due of: a repository has thousands of targets. */
function dueTargets({ candidates, targets }: Snapshot): ReadonlyMap<string, Target> {
  const due = new Set<string>();
  for (const { promotion, application } of candidates) if (promotion) due.add(application);
  const found = targets.filter(({ location }) => due.has(location.application));
  return new Map(found.map((target) => [targetKey(target.location), target]));
}

/** Those that go by themselves; of the thousands that come to nothing, nothing is left. */
function planAlone(snapshot: Snapshot, targets: ReadonlyMap<string, Target>, nowMs: number): Part[] {
  const parts: Part[] = [];
  for (const candidate of snapshot.candidates) {
    if (candidate.group !== null) continue;
    const part = planCandidate(snapshot, targets, candidate, nowMs);
    if (part !== NOTHING) parts.push(part);
  }
  return parts;
}

/** The candidates that go by group, group by group. */
function groupsOf({ candidates }: Snapshot): Candidate[][] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates.filter(({ group }) => group !== null)) {
    groups.set(candidate.branch, [...(groups.get(candidate.branch) ?? []), candidate]);
  }
  return [...groups.values()];
}

function planOthers({ unreported, candidates, settings }: Snapshot): Part {
  return {
    actions: unreported.flatMap((each) => planOtherPull(each, { candidates, settings })),
    promotions: [],
    notPromoted: [],
    lookAgainMs: unreported.some(({ guard }) => guard?.unknown) ? UNREADABLE_DELAY_MS : undefined,
  };
}

function planCandidate(
  snapshot: Snapshot,
  targets: ReadonlyMap<string, Target>,
  candidate: Candidate,
  nowMs: number,
): Part {
  const { application, environment, promotion, open } = candidate;
  if (!promotion) return open ? planWithoutRelease(snapshot, candidate, open, nowMs) : leaveAlone(candidate);
  if (open && !open.trailers) return planForeignHead(candidate, open);
  if (open && isAsNamed(open, promotion, candidate) && !isRemade(candidate, open, nowMs))
    return planGates(snapshot, candidate, open, promotion, [], nowMs);
  if (!open && candidate.closed && !candidate.requestedBy) {
    const { from, to } = promotion;
    const reason = explainClosed(promotion, candidate.closed);
    return {
      ...leaveAlone(candidate),
      notPromoted: [{ application, from, to, reason }, ...candidate.notPromoted],
    };
  }
  const unready = open ? null : planUnready(candidate, promotion, nowMs);
  if (unready) return unready;

  const target = targets.get(targetKey({ application, environment: environment.name }))!;
  const edited = editFiles(snapshot.base, snapshot.settings, target, promotion.changes);
  if (!edited.ok) return planUneditable(snapshot, candidate, promotion, edited.reasons, nowMs);
  const description = describePromotion(candidate, promotion);
  return open
    ? planUpdate(snapshot, candidate, open, promotion, edited.files, description, nowMs)
    : planOpening(snapshot, candidate, promotion, edited.files, description, nowMs);
}

/** Only with the facts for a new head: what became due since they were read waits for the next look. */
function isRemade({ environment, facts }: Candidate, open: OpenPromotion, nowMs: number): boolean {
  return facts !== null && isDueOnBase(open, evaluateGates(environment.gates, open.facts, nowMs));
}

/** What most candidates come to: thousands of targets hold what their sources hold. */
const NOTHING: Part = { actions: [], promotions: [], notPromoted: [] };

function leaveAlone({ notPromoted }: Candidate): Part {
  if (notPromoted.length === 0) return NOTHING;
  return { actions: [], promotions: [], notPromoted: [...notPromoted] };
}

function planOpening(
  snapshot: Snapshot,
  candidate: Candidate,
  promotion: Promotion,
  files: FileEdit[],
  description: Description,
  nowMs: number,
): Part {
  const { base, settings } = snapshot;
  const { environment, branch } = candidate;
  const { gates, check } = reportComing(snapshot, candidate, branch, description, nowMs);
  const action: Action = {
    kind: 'open-promotion',
    promotions: [promotion],
    branch,
    base: { branch: base.branch, sha: base.commit.sha, treeSha: base.commit.treeSha },
    files,
    ...description,
    labels: labelsOf(settings, promotion.rollsBack),
    reviewers: environment.reviewers,
    check,
  };
  return {
    actions: [action],
    promotions: [planned(promotion, null, gates)],
    notPromoted: [...candidate.notPromoted],
  };
}

function planUpdate(
  snapshot: Snapshot,
  candidate: Candidate,
  open: OpenPromotion,
  promotion: Promotion,
  files: FileEdit[],
  description: Description,
  nowMs: number,
): Part {
  const { base } = snapshot;
  const { pull } = open;
  const { gates, check } = reportComing(snapshot, candidate, pull.branch, description, nowMs);
  const action: Action = {
    kind: 'update-promotion',
    promotions: [promotion],
    number: pull.number,
    branch: pull.branch,
    headSha: pull.headSha,
    base: { sha: base.commit.sha, treeSha: base.commit.treeSha },
    files,
    ...description,
    check,
    note: describeUpdate(open, promotion),
  };
  return {
    actions: [action],
    promotions: [planned(promotion, open, gates)],
    notPromoted: [...candidate.notPromoted],
  };
}

/** The gates of a head that is to be made, by what its commit is going to say. */
function reportComing(
  snapshot: Snapshot,
  { environment, facts }: Candidate,
  branch: string,
  { commitMessage }: Description,
  nowMs: number,
): ReturnType<typeof reportPromotion> {
  const carried = parseTrailers(commitMessage)!;
  const members = [{ environment, carried, facts }];
  return reportPromotion(snapshot, { branch, headSha: '', group: null, members }, nowMs);
}

function planUneditable(
  snapshot: Snapshot,
  candidate: Candidate,
  promotion: Promotion,
  reasons: readonly string[],
  nowMs: number,
): Part {
  const { application, from, to } = promotion;
  const notPromoted = reasons.map((reason) => ({ application, from, to, reason }));
  const explained = { ...candidate, notPromoted: [...notPromoted, ...candidate.notPromoted] };
  return candidate.open?.trailers
    ? planWithoutRelease(snapshot, explained, candidate.open, nowMs)
    : leaveAlone(explained);
}

function planned(
  { application, from, to, release }: Promotion,
  open: OpenPromotion | null,
  gates: GateResult[],
): PlannedPromotion {
  return { application, from, to, release: release.label, pull: open?.pull ?? null, gates };
}
