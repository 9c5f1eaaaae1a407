import { type GateResult, known } from '../../domain/gates/gate.ts';
import { evaluateTimeGates, isTimeGate, type TimeGate } from '../../domain/gates/time-gates.ts';
import type { Decision } from '../../domain/promotion.ts';
import type { Environment } from '../../domain/settings.ts';
import type { HeldValues } from '../../domain/value.ts';
import type { Stay } from '../snapshot.ts';
import type { Arrival } from './observe-arrivals.ts';
import { type EnvironmentInput, observeEnvironments } from './observe-health.ts';

/** What is known of the releases that an environment may take from its source. */
export type Qualification =
  /** The newest that has met its time gates, or the one that the open pull request carries. */
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
  /** Whether a release was marked as bad there. */
  isBad: (fingerprint: string) => Promise<boolean>;
  /** Fingerprint of what the open pull request carries, or of what left it; null when there is none. */
  carried: string | null;
}

/**
 * Finds the newest release that has met its time gates in the source, although a newer one may have replaced it since.
 * It never goes back to what came before the release that the target holds. A release that came back starts anew, and
 * one that was taken back does not qualify: the source went back to what it held before. Neither does one that is marked
 * as bad where it would go. While the source holds what a
 * pull request carries already, an older release does not take its place there: health comes and goes, approvals do not.
 */
export async function findQualified(search: Search, stays: AsyncGenerator<Stay>): Promise<Qualification> {
  const past = keep(stays);
  const newer = new Set<string>();
  let first: Extract<Qualification, { kind: 'none' }> | null = null;
  let bad: Stay | null = null;
  for (let index = 0, stay = await past.at(0); stay; index++, stay = await past.at(index)) {
    const { promotion, isBlocked } = search.decide(stay.target.held);
    // The target holds it: whatever came to the source before is older.
    if (!promotion && !isBlocked) break;
    if (!promotion || holds(past.read.slice(0, index), stay.key)) continue;
    const { label, fingerprint } = promotion.release;
    if (index === 0 && (await isCarried(search, fingerprint))) return { kind: 'qualified', stay };
    const standing = await judge(search, stay);
    first ??= { kind: 'none', label, ...standing };
    // An older release must not take the place of one that may have qualified.
    if (standing.isUnread) return { kind: 'none', label, ...standing };
    const isPassed = standing.results.every(({ state }) => state === 'passed');
    if (isPassed && (await hasStood(past, stay, index))) {
      const qualified = { ...stay, newer: [...newer] };
      if (!(await search.isBad(fingerprint))) return { kind: 'qualified', stay: qualified };
      bad ??= qualified;
    }
    newer.add(fingerprint);
  }
  // Why it does not come is told where it is due.
  if (bad) return { kind: 'qualified', stay: bad };
  return first ?? { kind: 'current' };
}

async function isCarried({ carried, isBad }: Search, fingerprint: string): Promise<boolean> {
  return fingerprint === carried && !(await isBad(fingerprint));
}

/** Keeps what was read of the past, so that it can be looked at again. */
function keep(stays: AsyncGenerator<Stay>) {
  const read: Stay[] = [];
  const at = async (index: number): Promise<Stay | null> => {
    while (read.length <= index) {
      const next = await stays.next();
      if (next.done) return null;
      read.push(next.value);
    }
    return read[index]!;
  };
  return { read, at };
}

/** Whether the release is there now, or was replaced by newer ones alone: none of them had been there before. */
async function hasStood({ read, at }: ReturnType<typeof keep>, stay: Stay, index: number): Promise<boolean> {
  if (index === 0) return true;
  while (await at(read.length));
  const newer = read.slice(0, index);
  return stay.isBeforeKnown && !read.slice(index + 1).some(({ key }) => holds(newer, key));
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
  // Of one that was there before anything is known, no time counts.
  const sinceMs = fromMs ?? untilMs;
  const landing =
    sinceMs === null ? null : { atMs: sinceMs, isAtLatest: isAtLatest || fromMs === null, tips };
  return { environment, sha: commit.sha, landing, untilMs };
}
