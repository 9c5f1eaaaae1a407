import type { GateFacts } from '../../domain/gates/facts.ts';
import type { GateResult } from '../../domain/gates/gate.ts';
import type { GroupTrailers } from '../../domain/group-trailers.ts';
import type { Environment } from '../../domain/settings.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import { promotionMark } from '../observe/observe-pulls.ts';
import type { CheckReport } from '../ports/checks.ts';
import type { Snapshot } from '../snapshot.ts';
import { remediesOf } from './gate-buttons.ts';
import { judgeGates } from './judge-gates.ts';
import { mergeGates } from './merge-gates.ts';
import { reportGates } from './report-gates.ts';
import { type Evaluated, traceGates } from './trace-gates.ts';

/** A promotion as it stands on a head, or will. */
export interface Standing {
  branch: string;
  /** Empty for a head that is to be made. */
  headSha: string;
  /** Null when the one member goes alone. */
  group: Pick<GroupTrailers, 'group' | 'to' | 'fingerprint'> | null;
  /** At least one. */
  members: readonly StandingMember[];
}

/** One application that a head carries. */
export interface StandingMember {
  environment: Environment;
  /** What the head says, or is going to say, that it carries. */
  carried: PromotionTrailers;
  /** Null: nothing is known yet. */
  facts: GateFacts | null;
  /** What stops it besides the gates of its environment. */
  extra?: readonly GateResult[];
}

/** Judges the gates of a promotion, and makes the check run that tells of them. */
export function reportPromotion(
  { base, settings }: Pick<Snapshot, 'base' | 'settings'>,
  { branch, headSha, group, members }: Standing,
  nowMs: number,
): { gates: GateResult[]; check: Omit<CheckReport, 'headSha'> } {
  const judged = members.map((member) => ({ ...member, evaluated: judge(member, nowMs) }));
  const gates = mergeGates(
    judged.map(({ carried: { application }, evaluated }) => ({
      application,
      gates: evaluated.map(({ result }) => result),
    })),
  );
  const noOverride = judged.flatMap(({ environment }) => environment.noOverride);
  const evaluated = judged.flatMap((each) => each.evaluated);
  const overriders = members[0]!.environment.permissions?.override ?? settings.permissions.override;
  const remedies = remediesOf({ noOverride }, evaluated, overriders);
  const trace = traceGates({ headSha, base, group, members: judged, nowMs });
  const { fingerprint } = group ?? members[0]!.carried;
  return { gates, check: reportGates(promotionMark(branch, fingerprint), gates, { ...remedies, trace }) };
}

/** Also what stops it besides its gates. */
function judge({ environment, facts, extra = [] }: StandingMember, nowMs: number): Evaluated[] {
  const others = extra.map((result): Evaluated => ({ spec: null, result }));
  return [...others, ...judgeGates(environment, facts, nowMs)];
}
