import { type GateResult, known } from '../domain/gates/gate.ts';
import { evaluateTimeGates, isTimeGate, type TimeGate } from '../domain/gates/time-gates.ts';
import type { Decision } from '../domain/promotion.ts';
import type { Environment } from '../domain/settings.ts';
import type { HeldValues } from '../domain/value.ts';
import type { Arrival } from './observe-arrivals.ts';
import { type EnvironmentInput, observeEnvironments } from './observe-health.ts';
import type { Stay } from './stay.ts';

/** What is known of the releases that an environment may take from its source. */
export type Qualification =
  /** The newest that has met its time gates. */
  | { kind: 'qualified'; stay: Stay }
  /** None has: how the newest that could come stands. */
  | ({ kind: 'none'; label: string } & Standing)
  /** What the source holds now may not come at all, and nothing before it has qualified. */
  | { kind: 'current' };

/** Time gates of a release. */
interface Standing {
  results: GateResult[];
  /** GitHub did not tell, and may the next time. */
  isUnread: boolean;
}

export interface Search {
  application: string;
  environment: Environment;
  base: EnvironmentInput['base'];
  reports: EnvironmentInput['reports'];
  nowMs: number;
  /** What would be promoted of what the source held. */
  decide: (held: HeldValues) => Decision;
}

/**
 * Finds the newest release that has met its time gates in the source, although a newer one may have replaced it since.
 * It never goes back to what came before the release that the target holds. A release that came back starts anew, and
 * one that was taken back does not qualify: the source went back to what it held before.
 */
export async function findQualified(search: Search, stays: AsyncGenerator<Stay>): Promise<Qualification> {
  const read: Stay[] = [];
  const stayAt = async (index: number): Promise<Stay | null> => {
    while (read.length <= index) {
      const next = await stays.next();
      if (next.done) return null;
      read.push(next.value);
    }
    return read[index]!;
  };
  let first: Extract<Qualification, { kind: 'none' }> | null = null;
  for (let index = 0, stay = await stayAt(0); stay; index++, stay = await stayAt(index)) {
    const { promotion, isBlocked } = search.decide(stay.target.held);
    // The target holds it: whatever came to the source before is older.
    if (!promotion && !isBlocked) break;
    const newer = read.slice(0, index);
    if (!promotion || holds(newer, stay.key)) continue;
    const standing = await judge(search, stay);
    const { label } = promotion.release;
    first ??= { kind: 'none', label, ...standing };
    // An older release must not take the place of one that may have qualified.
    if (standing.isUnread) return { kind: 'none', label, ...standing };
    if (standing.results.some(({ state }) => state !== 'passed')) continue;
    if (index === 0) return { kind: 'qualified', stay };
    while (await stayAt(read.length));
    const isTakenBack = read.slice(index + 1).some(({ key }) => holds(newer, key));
    if (stay.isBeforeKnown && !isTakenBack) return { kind: 'qualified', stay };
  }
  return first ?? { kind: 'current' };
}

function holds(stays: readonly Stay[], key: string): boolean {
  return stays.some((stay) => stay.key === key);
}

/** How the time gates of a release stand, or stood when it was replaced. Reads reports of health only when they matter. */
async function judge(search: Search, stay: Stay): Promise<Standing> {
  const { environment, nowMs } = search;
  const gates = environment.gates.filter(isTimeGate);
  // Replaced before anything is known to have begun, or too soon: no report can change that.
  if (stay.fromMs === null) return { results: [unheard(stay)], isUnread: false };
  const early = await evaluate(search, stay, gates.filter(countsFromLanding), nowMs);
  if (stay.untilMs !== null && early.results.some(({ state }) => state !== 'passed')) return early;
  return evaluate(search, stay, gates, nowMs);
}

function countsFromLanding(spec: TimeGate): boolean {
  return spec.kind === 'soak' && spec.since === 'merged';
}

function unheard({ commit }: Stay): GateResult {
  const reason = `when ${commit.sha.slice(0, 7)} came is not in the recent history`;
  return { gate: 'soak', state: 'waiting', reason };
}

async function evaluate(
  { application, base, reports, environment }: Search,
  stay: Stay,
  gates: readonly TimeGate[],
  nowMs: number,
): Promise<Standing> {
  const arrivals = async () => known([arrivalOf(stay, environment.from[0]!)]);
  const facts = await observeEnvironments({ gates, due: { application }, arrivals, reports, base });
  const isUnread = [...facts.health.values()].some((fact) => !fact.known && fact.isPassing === true);
  return { results: evaluateTimeGates(gates, { ...facts, firstSeenMs: null }, nowMs), isUnread };
}

/** A stay as gates see it. */
export function arrivalOf({ commit, fromMs, isAtLatest, untilMs, tips }: Stay, environment: string): Arrival {
  const landing = fromMs === null ? null : { atMs: fromMs, isAtLatest, tips };
  return { environment, sha: commit.sha, landing, untilMs };
}
