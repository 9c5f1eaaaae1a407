import type { GateSpec, StandingGate } from '../gate-spec.ts';
import type { OverrideFact } from './facts.ts';
import type { GateResult } from './gate.ts';

/** What a person's override makes of a gate that has not passed. It says what it stands for. */
export function applyOverride(
  spec: GateSpec | StandingGate,
  result: GateResult,
  overrides: readonly OverrideFact[],
): GateResult {
  const found = overrides.find(({ gate }) => gate === spec.kind);
  if (result.state === 'passed' || !found) return result;
  const { by, reason, url } = found;
  return {
    gate: result.gate,
    state: 'overridden',
    reason: `by ${by}: ${reason} (${url}). Without that it is ${result.state}: ${result.reason}`,
  };
}
