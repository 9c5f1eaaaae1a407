import { evaluateGates } from '../../domain/gates/evaluate-gates.ts';
import { combineGates, type GateResult } from '../../domain/gates/gate.ts';
import { listHoldings } from '../list-holdings.ts';
import { makeContext } from '../observe/candidate-context.ts';
import { observeUnopened } from '../observe/observe-candidates.ts';
import { plan } from '../plan/plan.ts';
import type { Plan } from '../plan/plan-types.ts';
import type { HttpProber } from '../ports/http.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';

/** What there is to promote to one target, and what stops it. */
export interface Explanation {
  application: string;
  environment: string;
  /** `stopped`: something else than a gate keeps it from being promoted. */
  state: 'up-to-date' | 'passed' | 'waiting' | 'failed' | 'stopped';
  /** Label of what the target holds. */
  holds: string;
  /** What each environment holds that it takes from. */
  sources: { environment: string; release: string }[];
  /** Label of what is due; null when nothing is, or when that is not known. */
  release: string | null;
  pull: { number: number; url: string } | null;
  /** Nobody has to merge it. */
  isMergedBySluice: boolean;
  gates: GateResult[];
  /** What is not promoted, and why: markdown. */
  reasons: string[];
}

/**
 * Explains targets as a look would take them now. Only what people decided against has not been read by the look; its
 * gates are read here. Writes nothing.
 */
export async function explainTargets(
  reader: RepositoryReader,
  http: HttpProber,
  snapshot: Snapshot,
  candidates: readonly Candidate[],
  nowMs: number,
): Promise<Explanation[]> {
  const planned = plan(snapshot, nowMs);
  const context = makeContext(
    reader,
    http,
    snapshot,
    candidates.flatMap(({ environment }) => environment.gates),
    nowMs,
  );
  const explained: Explanation[] = [];
  for (const candidate of candidates) {
    const { open, promotion, environment } = candidate;
    const facts =
      candidate.facts ?? (promotion && !open ? await observeUnopened(context, candidate, promotion) : null);
    const gates = facts ? evaluateGates(environment.gates, facts, nowMs) : [];
    explained.push(explainTarget(snapshot, planned, candidate, gates));
  }
  return explained;
}

function explainTarget(
  { targets, decided }: Snapshot,
  planned: Plan,
  candidate: Candidate,
  unopened: GateResult[],
): Explanation {
  const { application, environment, promotion, open } = candidate;
  const isHere = (each: { application: string; to: string }) =>
    each.application === application && each.to === environment.name;
  const found = planned.promotions.find(isHere);
  const own = planned.notPromoted.filter(isHere).map(({ reason }) => reason);
  const gates = found?.gates ?? unopened;
  const held = listHoldings(targets).filter((each) => each.application === application);
  const releaseIn = (name: string) => held.find((each) => each.environment === name)?.release;
  const isDone = !found && !open && isUpToDate(decided, candidate);
  return {
    application,
    environment: environment.name,
    state: found ? combineGates(gates) : isDone ? 'up-to-date' : 'stopped',
    holds: releaseIn(environment.name) ?? 'nothing',
    sources: environment.from.map((name) => ({ environment: name, release: releaseIn(name) ?? 'nothing' })),
    release: found?.release ?? promotion?.release.label ?? null,
    pull: open ? { number: open.pull.number, url: open.pull.url } : null,
    isMergedBySluice: environment.autoMerge,
    gates,
    reasons: own.length > 0 || found || isDone ? [...new Set(own)] : [NO_BUILD],
  };
}

const NO_BUILD =
  'it takes builds, and its `sources` know of none that it does not hold; a dispatch only its CI can send again';

/** Nothing is due, and nothing hides that something might be. */
function isUpToDate(
  decided: Snapshot['decided'],
  { application, environment, promotion, notPromoted, builds }: Candidate,
): boolean {
  const before = decided.find(
    (each) => each.application === application && each.environment.name === environment.name,
  );
  if (promotion || !before || before.promotion || before.isBlocked) return false;
  if (environment.from.length === 0) return builds.length > 0 && notPromoted.length === 0;
  return notPromoted.length === before.notPromoted.length;
}
