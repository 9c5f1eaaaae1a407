import type { GateResult } from '../../domain/gates/gate.ts';
import { combineGates } from '../../domain/gates/gate.ts';
import type { NotPromoted } from '../../domain/promotion.ts';
import { makeContext } from '../observe/candidate-context.ts';
import { observeBase } from '../observe/observe-base.ts';
import { observeOpen } from '../observe/observe-candidates.ts';
import { promotionMark } from '../observe/observe-pulls.ts';
import { shareReads } from '../observe/share-reads.ts';
import type { Action } from '../plan/plan-types.ts';
import { UNREADABLE_DELAY_MS } from '../plan/plan-unreadable.ts';
import { reportGates, reportUnlessSaid } from '../plan/report-gates.ts';
import { reportPromotion } from '../plan/report-promotion.ts';
import type { HttpProber } from '../ports/http.ts';
import type { PullDetail } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Candidate, OpenPromotion, Snapshot } from '../snapshot.ts';
import { findTouched } from './find-touched.ts';

type Merge = Extract<Action, { kind: 'merge-promotion' }>;

/** An application that the pull request carries. */
interface Carried {
  candidate: Candidate;
  open: OpenPromotion;
}

/** Why a promotion is not merged that was to be. */
export interface Doubt {
  reason: string;
  promotions: Omit<NotPromoted, 'reason'>[];
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
  const carried = (snapshot?.candidates ?? []).flatMap((candidate): Carried[] => {
    const { open } = candidate;
    return open?.pull.number === action.number ? [{ candidate, open }] : [];
  });
  if (!snapshot || carried.length === 0)
    throw new Error(`#${action.number} is to be merged and was not looked at`);
  const [base, pull] = await Promise.all([observeBase(reader), reader.readPull(action.number)]);
  const moved = pull && base ? whyNotThis(pull, base, action) : 'is not there any more';
  if (!pull || !base || moved) return doubt(carried, `the pull request ${moved}`, AT_ONCE_MS);
  const touched = carried
    .map(({ candidate }) => findTouched(snapshot, base, candidate))
    .find((path) => path !== null);
  if (touched !== undefined) return holdBack(carried, base, touched);
  const anew = await observeAnew(shareReads(reader), http, { ...snapshot, base }, carried, pull, now());
  return judge({ ...snapshot, base }, carried, anew, now());
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
  carried: readonly Carried[],
  pull: PullDetail,
  nowMs: number,
): Promise<OpenPromotion[]> {
  const gates = carried.flatMap(({ candidate }) => candidate.environment.gates);
  const context = makeContext(reader, http, snapshot, gates, nowMs);
  const anew: OpenPromotion[] = [];
  for (const { candidate, open } of carried) {
    const { application, environment } = candidate;
    const decided = snapshot.decided.find(
      (each) => each.application === application && each.environment.name === environment.name,
    )!;
    anew.push(await observeOpen(context, decided, { ...open, pull }));
  }
  return anew;
}

function judge(
  snapshot: Snapshot,
  carried: readonly Carried[],
  anew: readonly OpenPromotion[],
  nowMs: number,
): Doubt | null {
  const { pull, group, check } = anew[0]!;
  const members = anew.map(({ trailers, facts }, index) => {
    const { environment } = carried[index]!.candidate;
    return { environment, carried: trailers!, facts };
  });
  const standing = { branch: pull.branch, headSha: pull.headSha, group, members };
  const { gates, check: report } = reportPromotion(snapshot, standing, nowMs);
  if (anew.every(({ isAttested }) => isAttested) && combineGates(gates) === 'passed') return null;
  return {
    ...doubt(carried, `what its gates ask for changed right before: ${report.title}`, UNREADABLE_DELAY_MS),
    gates,
    verdict: reportUnlessSaid({ ...report, headSha: pull.headSha }, check),
  };
}

/** What the gates were judged by is not what the default branch holds: they have to be judged anew, by a whole look. */
function holdBack(carried: readonly Carried[], { branch, commit }: Base, path: string): Doubt {
  const { pull, group, trailers } = carried[0]!.open;
  const reason = `${branch} moved to ${commit.sha.slice(0, 7)} right before, which changes ${path}; Sluice looks again`;
  const gates: GateResult[] = [{ gate: 'default branch', state: 'waiting', reason }];
  const { fingerprint } = (group ?? trailers)!;
  const report = { ...reportGates(promotionMark(pull.branch, fingerprint), gates), headSha: pull.headSha };
  // Whatever it said when it was read, it says "passed" by now, and a check run that has completed stays so.
  return {
    ...doubt(carried, reason, AT_ONCE_MS),
    verdict: [{ kind: 'report-check', report, existing: null }],
  };
}

function doubt(carried: readonly Carried[], reason: string, lookAgainMs: number): Doubt {
  const promotions = carried.map(({ candidate: { application, environment } }) => ({
    application,
    from: environment.from,
    to: environment.name,
  }));
  return { reason, promotions, verdict: [], lookAgainMs };
}
