import { evaluateBySpec } from '../../domain/gates/evaluate-gates.ts';
import type { GateFacts } from '../../domain/gates/facts.ts';
import type { GateResult } from '../../domain/gates/gate.ts';
import type { Environment } from '../../domain/settings.ts';
import type { Evaluated } from './trace-gates.ts';

const NOTHING_KNOWN: GateResult = {
  gate: 'facts',
  state: 'waiting',
  reason: 'nothing is known of this promotion yet',
};

/** The gates of an environment, each with its result; while nothing is known, what says so in their place. */
export function judgeGates(
  { gates }: Pick<Environment, 'gates'>,
  facts: GateFacts | null,
  nowMs: number,
): Evaluated[] {
  return facts ? evaluateBySpec(gates, facts, nowMs) : [{ spec: null, result: NOTHING_KNOWN }];
}
