import { isInForce, nextExpiryMs } from '../hold.ts';
import { describeTime } from '../wall-clock.ts';
import type { GateFacts, HoldFact, OverrideFact } from './facts.ts';
import type { GateResult } from './gate.ts';

/** A cell of the check has room for these. */
const MOST_NAMED = 4;

/** Passes when no hold covers the target. In force everywhere, whatever the config says. */
export function evaluateHold({ holds }: GateFacts, nowMs: number): GateResult {
  const gate = 'hold';
  if (!holds.known) return { gate, state: 'waiting', reason: holds.reason };
  const inForce = holds.value.filter((hold) => isInForce(hold, nowMs));
  if (inForce.length === 0) return { gate, state: 'passed', reason: 'nobody holds this' };
  const named = inForce.slice(0, MOST_NAMED).map(describeHold);
  const more = inForce.length - named.length;
  const reason = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  const lookAgainAtMs = nextExpiryMs(inForce);
  const result: GateResult = { gate, state: 'waiting', reason };
  return lookAgainAtMs === null ? result : { ...result, lookAgainAtMs };
}

/** What an override of the gate would be for: where each hold in force was said, or that it is not known what is held. */
export function holdSubjects({ holds }: Pick<GateFacts, 'holds'>, nowMs: number): string[] {
  if (!holds.known) return ['unknown'];
  return [...new Set(holds.value.filter((hold) => isInForce(hold, nowMs)).map(({ url }) => url))];
}

/** Overrides that are for all that is held now: a person who stops it later is not passed by. */
export function coveringHolds(
  overrides: readonly OverrideFact[],
  subjects: readonly string[],
): OverrideFact[] {
  return overrides.filter(({ holds = [] }) => subjects.every((subject) => holds.includes(subject)));
}

function describeHold({ by, what, untilMs, reason, url, resume }: HoldFact): string {
  return `${by} holds ${what} ${describeUntil(untilMs)}: ${reason} (${url}); ${resume} ends that`;
}

/** `until Tue 2026-12-01 09:00 UTC`, or until somebody ends it. */
export function describeUntil(untilMs: number | null): string {
  return untilMs === null ? 'until somebody resumes it' : `until ${describeTime(untilMs, 'UTC')}`;
}
