import { evaluateGates } from '../domain/gates/evaluate-gates.ts';
import type { GateFacts } from '../domain/gates/facts.ts';
import type { GateResult } from '../domain/gates/gate.ts';
import type { Environment } from '../domain/settings.ts';
import type { PromotionTrailers } from '../domain/trailers.ts';
import { remediesOf } from './gate-buttons.ts';
import { promotionMark } from './observe-pulls.ts';
import type { CheckReport } from './ports.ts';
import { reportGates } from './report-gates.ts';
import type { Snapshot } from './snapshot.ts';
import { type Evaluated, traceGates } from './trace-gates.ts';

/** A promotion as it stands on a head, or will. */
export interface Standing {
  environment: Environment;
  branch: string;
  /** What the head says, or is going to say, that it carries. */
  carried: PromotionTrailers;
  /** Null: nothing is known yet. */
  facts: GateFacts | null;
  /** Empty for a head that is to be made. */
  headSha: string;
  /** What stops it besides the gates of its environment. */
  extra?: readonly GateResult[];
}

const NOTHING_KNOWN: GateResult = {
  gate: 'facts',
  state: 'waiting',
  reason: 'nothing is known of this promotion yet',
};

/** Judges the gates of a promotion, and makes the check run that tells of them. */
export function reportPromotion(
  { base, settings }: Pick<Snapshot, 'base' | 'settings'>,
  { environment, branch, carried, facts, headSha, extra = [] }: Standing,
  nowMs: number,
): { gates: GateResult[]; check: Omit<CheckReport, 'headSha'> } {
  const evaluated = [
    ...[...extra, ...(facts ? [] : [NOTHING_KNOWN])].map((result): Evaluated => ({ spec: null, result })),
    ...judge(environment, facts, nowMs),
  ];
  const gates = evaluated.map(({ result }) => result);
  const remedies = remediesOf(environment, evaluated, settings.overrideRole);
  const trace = traceGates({ headSha, base, carried, evaluated, facts, nowMs });
  return {
    gates,
    check: reportGates(promotionMark(branch, carried.fingerprint), gates, { ...remedies, trace }),
  };
}

function judge({ gates }: Environment, facts: GateFacts | null, nowMs: number): Evaluated[] {
  const results = facts ? evaluateGates(gates, facts, nowMs) : [];
  return results.map((result, index) => ({ spec: gates[index] ?? null, result }));
}
