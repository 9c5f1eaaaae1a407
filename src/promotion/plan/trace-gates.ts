import { CONFIG_PATH } from '../../config/parse-config.ts';
import { describeDuration } from '../../domain/duration.ts';
import type { GateSpec, StandingGate } from '../../domain/gate-spec.ts';
import type { GateFacts } from '../../domain/gates/facts.ts';
import type { GateResult } from '../../domain/gates/gate.ts';
import { type Traced, traceFacts } from '../../domain/gates/trace-facts.ts';
import type { GroupTrailers } from '../../domain/group-trailers.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import type { Base } from '../snapshot.ts';
import { renderTrace } from './render-trace.ts';

/** A gate's result with what it came from; `spec` is null for what is no gate. */
export interface Evaluated {
  spec: GateSpec | StandingGate | null;
  result: GateResult;
}

/** One application that a look judged. */
export interface JudgedMember {
  carried: PromotionTrailers;
  evaluated: readonly Evaluated[];
  facts: GateFacts | null;
}

/** What one look judged. */
export interface Judged {
  /** Empty for a head that is to be made: `withHead` fills it in. */
  headSha: string;
  base: Base;
  /** Null when the one member goes alone. */
  group: Pick<GroupTrailers, 'group' | 'to' | 'fingerprint'> | null;
  members: readonly JudgedMember[];
  nowMs: number;
}

/**
 * What a promotion was judged by: the commits, the config, and of each gate the result and the facts it used. The same
 * facts give the same text.
 */
export function traceGates({ headSha, base, group, members, nowMs }: Judged): string {
  const about = {
    head: headSha,
    ...(group
      ? {
          group: group.group,
          to: group.to,
          fingerprint: group.fingerprint,
          members: members.map(traceCarried),
        }
      : traceCarried(members[0]!)),
    config: base.files.get(CONFIG_PATH)?.sha ?? null,
    defaultBranch: base.commit.sha,
  };
  const gates = members.flatMap(({ carried, evaluated, facts }) =>
    evaluated.map((each) => ({
      ...(group ? { application: carried.application } : {}),
      ...traceGate(each, facts, nowMs),
    })),
  );
  return renderTrace(about, gates);
}

function traceCarried({ carried }: JudgedMember): { readonly [key: string]: Traced } {
  const { application, from, to, release, fingerprint, origin, source } = carried;
  return { application, from, to, release, fingerprint, origin, source };
}

function traceGate({ spec, result }: Evaluated, facts: GateFacts | null, nowMs: number) {
  const override = facts?.overrides.find(({ gate }) => gate === spec?.kind);
  const isOverridden = result.state === 'overridden' && override;
  return {
    gate: result.gate,
    kind: spec?.kind ?? null,
    state: result.state,
    reason: result.reason,
    ...(result.sinceMs === undefined ? {} : { since: timeOf(result.sinceMs) }),
    ...nextLook(result),
    ...(isOverridden ? { override: { by: override.by, reason: override.reason, url: override.url } } : {}),
    facts: spec && facts ? traceFacts(spec, facts, nowMs) : null,
  };
}

/** What is asked again and again has another time at each look. */
function nextLook({ lookAgainAtMs, lookEveryMs }: GateResult): { [key: string]: Traced } {
  if (lookEveryMs !== undefined) return { nextLookEvery: describeDuration(lookEveryMs) };
  return lookAgainAtMs === undefined ? {} : { nextLook: timeOf(lookAgainAtMs) };
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
