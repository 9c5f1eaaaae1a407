import { describeDuration } from '../duration.ts';
import type { GateSpec } from '../gate-spec.ts';
import { describeTime } from '../wall-clock.ts';
import type { GateFacts } from './facts.ts';
import { type GateResult, type Known, known, unknown } from './gate.ts';
import { isClaimed } from './health.ts';

type SoakSpec = Extract<GateSpec, { kind: 'soak' }>;

/** When the clock started in one environment, and what started it. */
interface Start {
  startMs: number;
  text: string;
  /** GitHub has not recorded that it started then. */
  isClaimed?: boolean;
}

/** Passes when the release has been in each source environment, or has been healthy there, for the duration. */
export function evaluateSoak(spec: SoakSpec, facts: GateFacts, nowMs: number): GateResult {
  const gate = 'soak';
  const starts = spec.since === 'healthy' ? healthyStarts(facts) : landedStarts(facts, nowMs);
  if (!starts.known) return { gate, state: 'waiting', reason: starts.reason };
  const last = starts.value.toSorted((a, b) => b.startMs - a.startMs)[0];
  if (!last) return { gate, state: 'waiting', reason: 'no environment is known that the release comes from' };
  const duration = describeDuration(spec.durationMs);
  const overMs = last.startMs + spec.durationMs;
  const since = (sinceMs: number) => (last.isClaimed ? {} : { sinceMs });
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

function landedStarts({ landings, firstSeenMs }: GateFacts, nowMs: number): Known<Start[]> {
  if (!landings.known) return landings;
  return known(
    landings.value.map(({ environment, landedMs, isAtLatest }) => {
      if (landedMs === null) {
        const seen = firstSeen(environment, firstSeenMs ?? nowMs);
        return firstSeenMs === null ? { ...seen, isClaimed: true } : seen;
      }
      const since = `${describeTime(landedMs, 'UTC')}${isAtLatest ? ' or earlier' : ''}`;
      return { startMs: landedMs, text: `in ${environment} since ${since}` };
    }),
  );
}

function firstSeen(environment: string, seenMs: number): Start {
  const why = `when it came to ${environment} is not in the recent history`;
  return { startMs: seenMs, text: `seen since ${describeTime(seenMs, 'UTC')} (${why})` };
}

/** The youngest health of each environment counts, when several gates ask for it. */
function healthyStarts({ health }: GateFacts): Known<Start[]> {
  const starts: Start[] = [];
  for (const [key, found] of health) {
    if (!found.known) return found;
    for (const { environment, state, sinceMs } of found.value) {
      if (state !== 'healthy' || sinceMs === null)
        return unknown(`the clock starts once the release is healthy in ${environment}`);
      starts.push({
        startMs: sinceMs,
        text: `healthy in ${environment} since ${describeTime(sinceMs, 'UTC')}`,
        ...(isClaimed(key) ? { isClaimed: true } : {}),
      });
    }
  }
  return known(starts);
}
