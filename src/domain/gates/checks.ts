import type { GateSpec, NamedCheck } from '../gate-spec.ts';
import type { CheckFact, GateFacts } from './facts.ts';
import type { GateResult, GateState } from './gate.ts';

type ChecksSpec = Extract<GateSpec, { kind: 'checks' }>;

/**
 * Passes when each named check is `success`. `neutral` and `skipped` are not success, although GitHub lets them
 * satisfy a required check.
 */
export function evaluateChecks(spec: ChecksSpec, facts: GateFacts): GateResult {
  const gate = spec.on === 'source' ? 'checks on source' : 'checks';
  const found = spec.on === 'source' ? facts.sourceChecks : facts.headChecks;
  if (!found.known) return { gate, state: 'waiting', reason: found.reason };
  const where = placeOf(spec, facts);
  const verdicts = spec.checks.map((check) => judge(check, found.value));
  const open = verdicts.filter(({ state }) => state !== 'passed');
  if (open.length === 0)
    return { gate, state: 'passed', reason: `${verdicts.map(({ text }) => text).join(', ')} on ${where}` };
  const state = open.some((verdict) => verdict.state === 'failed') ? 'failed' : 'waiting';
  return { gate, state, reason: `${open.map(({ text }) => text).join(', ')} on ${where}` };
}

function placeOf(spec: ChecksSpec, facts: GateFacts): string {
  if (spec.on === 'promotion') return `the head ${facts.headSha.slice(0, 7)}`;
  return facts.sourceCommit.known
    ? `the source commit ${facts.sourceCommit.value.slice(0, 7)}`
    : 'the source commit';
}

function judge(check: NamedCheck, found: readonly CheckFact[]): { state: GateState; text: string } {
  const named = found.filter(
    ({ name, app }) => name === check.name && (check.app === null || app === check.app),
  );
  const label = check.app === null ? `\`${check.name}\`` : `\`${check.name}\` by ${check.app}`;
  if (named.length === 0) return { state: 'waiting', text: `${label} has not been reported` };
  if (named.some(({ conclusion }) => conclusion === null))
    return { state: 'waiting', text: `${label} is running` };
  const bad = named.find(({ conclusion }) => conclusion !== 'success');
  return bad
    ? { state: 'failed', text: `${label} ended with ${bad.conclusion}` }
    : { state: 'passed', text: `${label} succeeded` };
}
