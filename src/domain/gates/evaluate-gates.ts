import type { GateSpec } from '../gate-spec.ts';
import { evaluateApprovals } from './approvals.ts';
import { evaluateChecks } from './checks.ts';
import type { GateFacts } from './facts.ts';
import type { GateResult } from './gate.ts';
import { evaluateManual } from './manual.ts';
import { evaluatePullRequest } from './pull-request.ts';
import { evaluateWindow } from './window.ts';

/** Results of all gates of an environment for one promotion at a time, in the order of the config. */
export function evaluateGates(specs: readonly GateSpec[], facts: GateFacts, nowMs: number): GateResult[] {
  return specs.map((spec) => evaluateGate(spec, facts, nowMs));
}

function evaluateGate(spec: GateSpec, facts: GateFacts, nowMs: number): GateResult {
  switch (spec.kind) {
    case 'checks':
      return evaluateChecks(spec, facts);
    case 'approvals':
      return evaluateApprovals(spec, facts);
    case 'manual':
      return evaluateManual(facts);
    case 'window':
      return evaluateWindow(spec, nowMs);
    case 'pull-request':
      return evaluatePullRequest(spec, facts);
  }
}
