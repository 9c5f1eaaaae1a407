import { evaluateGates } from '../domain/gates/evaluate-gates.ts';
import { combineGates, type GateResult } from '../domain/gates/gate.ts';
import type { NotPromoted } from '../domain/promotion.ts';
import { makeContext } from './candidate-context.ts';
import { findTouched } from './find-touched.ts';
import { observeBase } from './observe-base.ts';
import { observeOpen } from './observe-candidates.ts';
import { promotionMark } from './observe-pulls.ts';
import type { Action } from './plan-types.ts';
import { UNREADABLE_DELAY_MS } from './plan-unreadable.ts';
import type { CheckReport, HttpProber, PullDetail, RepositoryReader } from './ports.ts';
import { reportGates, reportUnlessSaid } from './report-gates.ts';
import type { Base, Candidate, OpenPromotion, Snapshot } from './snapshot.ts';

type Merge = Extract<Action, { kind: 'merge-promotion' }>;

/** Why a promotion is not merged that was to be. */
export interface Doubt {
  reason: string;
  promotion: Omit<NotPromoted, 'reason'>;
  /** The gates as they are now; left out when they have to be read from another default branch or another head. */
  gates?: GateResult[];
  /** What the check says from now on. */
  verdict: ReturnType<typeof reportUnlessSaid>;
  lookAgainMs: number;
}

/** Looks at a promotion once more; null when nothing speaks against merging it. */
export type Confirm = (action: Merge) => Promise<Doubt | null>;

/** The default branch has another tip: the next look finds what there is. */
const AT_ONCE_MS = 1_000;

/**
 * Whether a promotion may still be merged, asked right before it is: GitHub binds a merge to its head, and to nothing
 * else that the gates went by unless the branch is protected. All that they ask for is read anew, from the tip that the
 * default branch has now, and judged by the clock of this moment. `reader` must not remember what the look has read.
 * Writes nothing.
 */
export async function confirmMerge(
  reader: RepositoryReader,
  http: HttpProber,
  snapshot: Snapshot | null,
  action: Merge,
  now: () => number,
): Promise<Doubt | null> {
  const candidate = snapshot?.candidates.find(({ open }) => open?.pull.number === action.number);
  const before = candidate?.open;
  if (!snapshot || !candidate || !before)
    throw new Error(`#${action.number} is to be merged and was not looked at`);
  const [base, pull] = await Promise.all([observeBase(reader), reader.readPull(action.number)]);
  const moved = pull && base ? whyNotThis(pull, base, action) : 'is not there any more';
  if (!pull || !base || moved) return doubt(candidate, `the pull request ${moved}`, AT_ONCE_MS);
  const touched = findTouched(snapshot, base, candidate);
  if (touched !== null) return holdBack(candidate, before, base, touched);
  const open = await observeAnew(reader, http, { ...snapshot, base }, candidate, { ...before, pull }, now());
  const gates = evaluateGates(candidate.environment.gates, open.facts, now());
  if (open.isAttested && combineGates(gates) === 'passed') return null;
  const report = reportOf(open, gates);
  return {
    ...doubt(candidate, `what its gates ask for changed right before: ${report.title}`, UNREADABLE_DELAY_MS),
    gates,
    verdict: reportUnlessSaid(report, open.check),
  };
}

function whyNotThis(pull: PullDetail, base: Base, { headSha }: Merge): string | null {
  if (!pull.isOpen) return 'is not open any more';
  if (pull.headSha !== headSha) return `has the head ${pull.headSha.slice(0, 7)} now`;
  return pull.base === base.branch ? null : 'goes to another branch now';
}

async function observeAnew(
  reader: RepositoryReader,
  http: HttpProber,
  snapshot: Snapshot,
  candidate: Candidate,
  found: OpenPromotion,
  nowMs: number,
): Promise<OpenPromotion> {
  const { application, environment } = candidate;
  const decided = snapshot.decided.find(
    (each) => each.application === application && each.environment.name === environment.name,
  )!;
  const context = makeContext(reader, http, snapshot, environment.gates, nowMs);
  return observeOpen(context, decided, found);
}

/** What the gates were judged by is not what the default branch holds: they have to be judged anew, by a whole look. */
function holdBack(candidate: Candidate, open: OpenPromotion, { branch, commit }: Base, path: string): Doubt {
  const reason = `${branch} moved to ${commit.sha.slice(0, 7)} right before, which changes ${path}; Sluice looks again`;
  const gates: GateResult[] = [{ gate: 'default branch', state: 'waiting', reason }];
  const report = reportOf(open, gates);
  // Whatever it said when it was read, it says "passed" by now.
  const existing = open.check?.externalId === report.externalId ? open.check : null;
  return { ...doubt(candidate, reason, AT_ONCE_MS), verdict: [{ kind: 'report-check', report, existing }] };
}

function reportOf({ pull, trailers }: OpenPromotion, gates: readonly GateResult[]): CheckReport {
  return {
    ...reportGates(promotionMark(pull.branch, trailers!.fingerprint), gates),
    headSha: pull.headSha,
  };
}

function doubt({ application, environment }: Candidate, reason: string, lookAgainMs: number): Doubt {
  const promotion = { application, from: environment.from, to: environment.name };
  return { reason, promotion, verdict: [], lookAgainMs };
}
