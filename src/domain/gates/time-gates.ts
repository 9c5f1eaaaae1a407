import type { GateSpec } from '../gate-spec.ts';
import type { GateFacts } from './facts.ts';
import type { GateResult } from './gate.ts';
import { evaluateHealth } from './health.ts';
import { evaluateSoak } from './soak.ts';

export type TimeGate = Extract<GateSpec, { kind: 'soak' | 'health' }>;

/** Whether a gate asks how a release has stayed in the environment that it comes from. */
export function isTimeGate(spec: GateSpec): spec is TimeGate {
  return spec.kind === 'soak' || spec.kind === 'health';
}

/** Results of the gates that tell which release of a source environment qualifies. */
export function evaluateTimeGates(
  specs: readonly TimeGate[],
  facts: Pick<GateFacts, 'landings' | 'firstSeenMs' | 'health'>,
  nowMs: number,
): GateResult[] {
  return specs.map((spec) =>
    spec.kind === 'soak' ? evaluateSoak(spec, facts, nowMs) : evaluateHealth(spec, facts, nowMs),
  );
}
