import type { GateSpec, PolicyRule } from '../gate-spec.ts';
import { type CompiledPolicy, compilePolicy, explain } from '../policy-expression.ts';
import { findTooLarge, type PolicyNeed, type PolicyObject, toPolicyObject } from '../policy-object.ts';
import type { GateFacts } from './facts.ts';
import { type GateResult, type GateState, type Known, known } from './gate.ts';

type PolicySpec = Extract<GateSpec, { kind: 'policy' }>;

/** A full hour, and most times that people name, is one of these. */
const LOOK_EVERY_MS = 5 * 60_000;
/** What may still come true for the same release: a person's word, a label, a time. */
const CHANGING: readonly PolicyNeed[] = ['actor', 'actors', 'labels', 'time'];

interface Verdict {
  state: GateState;
  text: string;
}

/** What a rule of a policy comes to: `passed` too for a `deny` rule that does not deny. */
export interface RuleVerdict extends Verdict {
  /** Its name, or its expression. */
  rule: string;
  isDeny: boolean;
}

/**
 * Passes when all `pass` rules are true and no `deny` rule is. A rule whose facts are not known, or that cannot be
 * evaluated, is neither.
 */
export function evaluatePolicy(spec: PolicySpec, facts: GateFacts, nowMs: number): GateResult {
  const judged = judgeRules(spec, facts, nowMs);
  const open = judged.filter(({ state }) => state !== 'passed');
  const state = open.some((each) => each.state === 'failed') ? 'failed' : 'waiting';
  const result: GateResult =
    open.length > 0
      ? { gate: 'policy', state, reason: open.map(({ text }) => text).join('; ') }
      : { gate: 'policy', state: 'passed', reason: describePassed(spec) };
  if (!policyNeeds([spec]).has('time')) return result;
  const lookAgainAtMs = (Math.floor(nowMs / LOOK_EVERY_MS) + 1) * LOOK_EVERY_MS;
  return { ...result, lookAgainAtMs, lookEveryMs: LOOK_EVERY_MS };
}

/** What each rule comes to, `deny` first. */
export function judgeRules({ pass, deny }: PolicySpec, facts: GateFacts, nowMs: number): RuleVerdict[] {
  const judgeEach = (rules: readonly PolicyRule[], isDeny: boolean) =>
    rules.map((rule) => ({ rule: labelOf(rule), isDeny, ...judge(rule, isDeny, facts, nowMs) }));
  return [...judgeEach(deny, true), ...judgeEach(pass, false)];
}

/** All that the policies among these gates ask for. */
export function policyNeeds(gates: readonly GateSpec[]): ReadonlySet<PolicyNeed> {
  const rules = gates.flatMap((gate) => (gate.kind === 'policy' ? [...gate.pass, ...gate.deny] : []));
  const compiled = rules.map(({ expression }) => compilePolicy(expression));
  return new Set(compiled.flatMap((each) => (each.ok ? [...each.needs] : [])));
}

function judge(rule: PolicyRule, isDeny: boolean, facts: GateFacts, nowMs: number): Verdict {
  const policy = compilePolicy(rule.expression);
  const label = labelOf(rule);
  if (!policy.ok) return { state: 'waiting', text: `${label} cannot be used: ${policy.reason}` };
  const object = collect(policy.needs, facts, nowMs);
  if (!object.known) return { state: 'waiting', text: `${label} waits: ${object.reason}` };
  const outcome = run(policy, object.value);
  if (typeof outcome === 'string') return { state: 'waiting', text: `${label} has no answer: ${outcome}` };
  if (outcome !== isDeny) return { state: 'passed', text: label };
  const what = isDeny ? `denied by ${label}` : `${label} is not true`;
  const state = CHANGING.some((need) => policy.needs.has(need)) ? 'waiting' : 'failed';
  return { state, text: rule.message === null ? what : `${what}: ${rule.message}` };
}

/** The value, or why there is none. */
function run(policy: Extract<CompiledPolicy, { ok: true }>, object: PolicyObject): boolean | string {
  try {
    return policy.evaluate(object);
  } catch (error) {
    return explain(error).reason;
  }
}

/** The object with all that the expression asks for; what it does not ask for may be missing from it. */
function collect(needs: ReadonlySet<PolicyNeed>, facts: GateFacts, nowMs: number): Known<PolicyObject> {
  const { promotion, actors, authors } = facts;
  if (!promotion.known) return promotion;
  const asksActors = needs.has('actor') || needs.has('actors');
  if (asksActors && !actors.known) return actors;
  if (needs.has('authors') && !authors.known) return authors;
  const object = toPolicyObject(
    promotion.value,
    actors.known ? actors.value : [],
    authors.known ? authors.value : [],
    nowMs,
  );
  const tooLarge = findTooLarge(object, asksActors ? new Set([...needs, 'actors']) : needs);
  return tooLarge === null ? known(object) : { known: false, reason: tooLarge };
}

function describePassed({ pass, deny }: PolicySpec): string {
  const held =
    pass.length > 0 ? [`${pass.map(labelOf).join(', ')} ${pass.length > 1 ? 'are' : 'is'} true`] : [];
  const denied = deny.length > 0 ? [`not denied by ${deny.map(labelOf).join(', ')}`] : [];
  return [...held, ...denied].join('; ');
}

/** A rule as people say it, short enough for a line. */
function labelOf({ name, expression }: PolicyRule): string {
  if (name !== null) return `"${name}"`;
  const line = expression.trim().replace(/\s+/g, ' ').replaceAll('`', "'");
  return `\`${line.length > 120 ? `${line.slice(0, 120)}…` : line}\``;
}
