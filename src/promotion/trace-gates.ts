import { CONFIG_PATH } from '../config/parse-config.ts';
import { describeDuration } from '../domain/duration.ts';
import type { GateSpec } from '../domain/gate-spec.ts';
import type { GateFacts } from '../domain/gates/facts.ts';
import type { GateResult } from '../domain/gates/gate.ts';
import { type Traced, traceFacts } from '../domain/gates/trace-facts.ts';
import type { PromotionTrailers } from '../domain/trailers.ts';
import { renderTrace } from './render-trace.ts';
import type { Base } from './snapshot.ts';

/** A gate's result with what it came from; `spec` is null for what is no gate of the config. */
export interface Evaluated {
  spec: GateSpec | null;
  result: GateResult;
}

/** What one look judged. */
export interface Judged {
  /** Empty for a head that is to be made: `withHead` fills it in. */
  headSha: string;
  base: Base;
  carried: PromotionTrailers;
  evaluated: readonly Evaluated[];
  facts: GateFacts | null;
  nowMs: number;
}

/**
 * What a promotion was judged by: the commits, the config, and of each gate the result and the facts it used. The same
 * facts give the same text.
 */
export function traceGates({ headSha, base, carried, evaluated, facts, nowMs }: Judged): string {
  const { application, from, to, release, fingerprint, origin, source } = carried;
  const about = {
    head: headSha,
    application,
    from,
    to,
    release,
    fingerprint,
    origin,
    source,
    config: base.files.get(CONFIG_PATH)?.sha ?? null,
    defaultBranch: base.commit.sha,
  };
  return renderTrace(
    about,
    evaluated.map((each) => traceGate(each, facts, nowMs)),
  );
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
