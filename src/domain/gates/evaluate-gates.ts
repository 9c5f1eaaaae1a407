import type { GateSpec, StandingGate } from '../gate-spec.ts';
import { evaluateAfter } from './after.ts';
import { applyOverride } from './apply-override.ts';
import { evaluateApprovals } from './approvals.ts';
import { evaluateChecks } from './checks.ts';
import type { GateFacts } from './facts.ts';
import type { GateResult } from './gate.ts';
import { evaluateHealth } from './health.ts';
import { coveringHolds, evaluateHold, holdSubjects } from './hold.ts';
import { evaluateHttp } from './http.ts';
import { evaluateManual } from './manual.ts';
import { evaluatePolicy } from './policy.ts';
import { evaluatePullRequest } from './pull-request.ts';
import { evaluateSoak } from './soak.ts';
import { evaluateWindow } from './window.ts';

export const STANDING_GATES: readonly StandingGate[] = [{ kind: 'hold' }];

/**
 * Results of all gates of an environment for one promotion at a time, in the order of the config. A gate that is in
 * force without having been asked for is told only when it has not passed.
 */
export function evaluateGates(specs: readonly GateSpec[], facts: GateFacts, nowMs: number): GateResult[] {
  return evaluateBySpec(specs, facts, nowMs).map(({ result }) => result);
}

/** A result with the gate that it is of. */
export interface SpecResult {
  spec: GateSpec | StandingGate;
  result: GateResult;
}

/** The same, each with its gate. */
export function evaluateBySpec(specs: readonly GateSpec[], facts: GateFacts, nowMs: number): SpecResult[] {
  const judge = (each: readonly (GateSpec | StandingGate)[]) =>
    evaluateEach(each, facts, nowMs).map((result, index): SpecResult => ({ spec: each[index]!, result }));
  return [...judge(STANDING_GATES).filter(({ result }) => result.state !== 'passed'), ...judge(specs)];
}

/** Results of these gates alone. */
export function evaluateEach(
  specs: readonly (GateSpec | StandingGate)[],
  facts: GateFacts,
  nowMs: number,
): GateResult[] {
  const overridesOf = ({ kind }: GateSpec | StandingGate) =>
    kind === 'hold' ? coveringHolds(facts.overrides, holdSubjects(facts, nowMs)) : facts.overrides;
  return specs.map((spec) => applyOverride(spec, evaluateGate(spec, facts, nowMs), overridesOf(spec)));
}

function evaluateGate(spec: GateSpec | StandingGate, facts: GateFacts, nowMs: number): GateResult {
  switch (spec.kind) {
    case 'checks':
      return evaluateChecks(spec, facts);
    case 'approvals':
      return evaluateApprovals(spec, facts);
    case 'manual':
      return evaluateManual(facts);
    case 'hold':
      return evaluateHold(facts, nowMs);
    case 'window':
      return evaluateWindow(spec, nowMs);
    case 'soak':
      return evaluateSoak(spec, facts, nowMs);
    case 'after':
      return evaluateAfter(spec, facts);
    case 'health':
      return evaluateHealth(spec, facts, nowMs);
    case 'policy':
      return evaluatePolicy(spec, facts, nowMs);
    case 'http':
      return evaluateHttp(spec, facts, nowMs);
    case 'pull-request':
      return evaluatePullRequest(spec, facts);
  }
}
