import { describeDuration } from '../duration.ts';
import type { GateSpec, HealthSource } from '../gate-spec.ts';
import { describeTime } from '../wall-clock.ts';
import type { GateFacts, HealthFact } from './facts.ts';
import type { GateResult, GateState } from './gate.ts';

type HealthSpec = Extract<GateSpec, { kind: 'health' }>;
type Verdict = Omit<GateResult, 'gate'>;

const SEVERITY: readonly GateState[] = ['failed', 'waiting', 'passed'];

/** Names what is asked, so that the answer is found among the facts. */
export function healthKey({ kind, name, by }: HealthSource): string {
  return JSON.stringify([kind, name, by]);
}

/** Whoever writes a check run says itself when it ended; all other times are GitHub's. */
export function isClaimed(key: string): boolean {
  return key.startsWith('["check",');
}

/** Passes when each source environment reports the release healthy, and has for the duration. */
export function evaluateHealth(
  spec: HealthSpec,
  facts: Pick<GateFacts, 'health'>,
  nowMs: number,
): GateResult {
  const gate = 'health';
  const found = facts.health.get(healthKey(spec.source));
  if (!found) return { gate, state: 'waiting', reason: 'the health of the source environment was not read' };
  if (!found.known) return { gate, state: 'waiting', reason: found.reason };
  const verdicts = found.value.map((fact) => judge(spec, fact, nowMs));
  const state = SEVERITY.find((each) => verdicts.some((verdict) => verdict.state === each));
  if (!state)
    return { gate, state: 'waiting', reason: 'no environment is known that the release comes from' };
  const worst = verdicts.filter((verdict) => verdict.state === state);
  const times = verdicts.flatMap(({ lookAgainAtMs }) => lookAgainAtMs ?? []);
  const reason = worst.map((verdict) => verdict.reason).join('; ');
  const result: GateResult = { gate, state, reason, ...sinceOf(spec, worst, state) };
  return times.length > 0 ? { ...result, lookAgainAtMs: Math.min(...times) } : result;
}

/** All must be healthy for it to pass; one that is not is enough to stop it. */
function sinceOf(
  { source }: HealthSpec,
  verdicts: readonly Verdict[],
  state: GateState,
): Pick<GateResult, 'sinceMs'> {
  const times = verdicts.flatMap(({ sinceMs }) => sinceMs ?? []);
  if (isClaimed(healthKey(source)) || times.length < verdicts.length) return {};
  return { sinceMs: state === 'passed' ? Math.max(...times) : Math.min(...times) };
}

function judge({ source, durationMs }: HealthSpec, fact: HealthFact, nowMs: number): Verdict {
  const { environment, state, sinceMs, sha } = fact;
  const what = `${nounOf(source)} \`${fact.name}\`${source.by === null ? '' : ` by ${source.by}`}`;
  if (state === 'missing' || sinceMs === null)
    return {
      state: 'waiting',
      reason: `${environment} has not reported the release: no ${what} since it came there`,
    };
  const where = `${what} on ${sha?.slice(0, 7)}, since ${describeTime(sinceMs, 'UTC')}`;
  if (state === 'unhealthy')
    return {
      state: 'failed',
      reason: `${environment} reports the release unhealthy: ${where}. It goes on when that turns, or with a newer release`,
      sinceMs,
    };
  if (state === 'pending')
    return { state: 'waiting', reason: `${environment} is not done with the release: ${where}`, sinceMs };
  const overMs = sinceMs + durationMs;
  const { untilMs = null } = fact;
  if (untilMs !== null && overMs > untilMs)
    return {
      state: 'waiting',
      reason: `healthy in ${environment}: ${where}; another release replaced it ${describeTime(untilMs, 'UTC')}, before ${describeDuration(durationMs)} were over`,
    };
  if (durationMs === 0 || overMs <= nowMs)
    return { state: 'passed', reason: `healthy in ${environment}: ${where}`, sinceMs: overMs };
  const rest = `${describeDuration(durationMs)} are over ${describeTime(overMs, 'UTC')}`;
  return {
    state: 'waiting',
    reason: `healthy in ${environment}: ${where}; ${rest}`,
    sinceMs,
    lookAgainAtMs: overMs,
  };
}

function nounOf({ kind }: HealthSource): string {
  return kind === 'status' ? 'status' : kind === 'check' ? 'check run' : 'deployment to';
}
