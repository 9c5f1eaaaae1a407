import { describeDuration } from '../duration.ts';
import type { GateSpec } from '../gate-spec.ts';
import { describeTime } from '../wall-clock.ts';
import type { GateFacts } from './facts.ts';
import { type GateResult, type Known, known, unknown } from './gate.ts';
import { isClaimed } from './health.ts';

type SoakSpec = Extract<GateSpec, { kind: 'soak' }>;

type SoakFacts = Pick<GateFacts, 'landings' | 'firstSeenMs' | 'health'>;

/** When the clock started in one environment, and what started it. */
interface Start {
  startMs: number;
  text: string;
  /** GitHub has not recorded that it started then. */
  isClaimed?: boolean;
  /** When it stopped; null while it runs. */
  untilMs: number | null;
}

/** Passes when the release has been in each source environment, or has been healthy there, for the duration. */
export function evaluateSoak(spec: SoakSpec, facts: SoakFacts, nowMs: number): GateResult {
  const gate = 'soak';
  const starts = spec.since === 'healthy' ? healthyStarts(facts) : landedStarts(facts, nowMs);
  if (!starts.known) return { gate, state: 'waiting', reason: starts.reason };
  const last = starts.value.toSorted((a, b) => b.startMs - a.startMs)[0];
  if (!last) return { gate, state: 'waiting', reason: 'no environment is known that the release comes from' };
  const duration = describeDuration(spec.durationMs);
  const overMs = last.startMs + spec.durationMs;
  const since = (sinceMs: number) => (last.isClaimed ? {} : { sinceMs });
  const short = starts.value.find(
    ({ startMs, untilMs }) => untilMs !== null && startMs + spec.durationMs > untilMs,
  );
  if (short) return { gate, state: 'waiting', reason: `${short.text}, which is less than ${duration}` };
  return overMs <= nowMs
    ? { gate, state: 'passed', reason: `${duration} are over: ${last.text}`, ...since(overMs) }
    : {
        gate,
        state: 'waiting',
        reason: `${last.text}; ${duration} are over ${describeTime(overMs, 'UTC')}`,
        ...since(last.startMs),
        lookAgainAtMs: overMs,
      };
}

function landedStarts({ landings, firstSeenMs }: SoakFacts, nowMs: number): Known<Start[]> {
  if (!landings.known) return landings;
  return known(
    landings.value.map(({ environment, landedMs, isAtLatest, untilMs = null }) => {
      if (landedMs === null) {
        const seen = firstSeen(environment, firstSeenMs ?? nowMs);
        return firstSeenMs === null ? { ...seen, isClaimed: true } : seen;
      }
      const since = `${describeTime(landedMs, 'UTC')}${isAtLatest ? ' or earlier' : ''}`;
      return { startMs: landedMs, text: `in ${environment} since ${since}${describeEnd(untilMs)}`, untilMs };
    }),
  );
}

function firstSeen(environment: string, seenMs: number): Start {
  const why = `when it came to ${environment} is not in the recent history`;
  return { startMs: seenMs, text: `seen since ${describeTime(seenMs, 'UTC')} (${why})`, untilMs: null };
}

/** The release may have been replaced in the source environment; it has soaked there for as long as it was held. */
function describeEnd(untilMs: number | null): string {
  return untilMs === null ? '' : ` until another release replaced it ${describeTime(untilMs, 'UTC')}`;
}

/** The youngest health of each environment counts, when several gates ask for it. */
function healthyStarts({ health }: SoakFacts): Known<Start[]> {
  const starts: Start[] = [];
  for (const [key, found] of health) {
    if (!found.known) return found;
    for (const { environment, state, sinceMs, untilMs = null } of found.value) {
      if (state !== 'healthy' || sinceMs === null)
        return unknown(`the clock starts once the release is healthy in ${environment}`);
      starts.push({
        startMs: sinceMs,
        text: `healthy in ${environment} since ${describeTime(sinceMs, 'UTC')}${describeEnd(untilMs)}`,
        untilMs,
        ...(isClaimed(key) ? { isClaimed: true } : {}),
      });
    }
  }
  return known(starts);
}
