import type { GateSpec, NamedCheck } from '../gate-spec.ts';
import { matchesWildcards } from '../wildcard.ts';
import type { CheckFact, GateFacts } from './facts.ts';
import { type GateResult, type GateState, type Known, known } from './gate.ts';

type ChecksSpec = Extract<GateSpec, { kind: 'checks' }>;

interface Verdict {
  state: GateState;
  text: string;
}

/** Worst first: what holds on one of several source commits holds for all of them. */
const SEVERITY: readonly GateState[] = ['failed', 'waiting', 'passed'];

/**
 * Passes when each named check is `success`. `neutral` and `skipped` are success only where the config accepts them,
 * although GitHub lets them satisfy a required check.
 */
export function evaluateChecks(spec: ChecksSpec, facts: GateFacts): GateResult {
  const gate = spec.on === 'source' ? 'checks on source' : 'checks';
  const commits = checksOf(spec, facts);
  if (!commits.known) return { gate, state: 'waiting', reason: commits.reason };
  const where = placeOf(spec, facts);
  const verdicts = spec.checks.map((check) => judgeAll(check, spec.accept, commits.value));
  const open = verdicts.filter(({ state }) => state !== 'passed');
  if (open.length === 0)
    return { gate, state: 'passed', reason: `${verdicts.map(({ text }) => text).join(', ')} on ${where}` };
  const state = open.some((verdict) => verdict.state === 'failed') ? 'failed' : 'waiting';
  return { gate, state, reason: `${open.map(({ text }) => text).join(', ')} on ${where}` };
}

/** Checks of each commit that is asked. */
export function checksOf({ on }: ChecksSpec, facts: GateFacts): Known<readonly (readonly CheckFact[])[]> {
  if (on === 'source') return facts.sourceChecks;
  return facts.headChecks.known ? known([facts.headChecks.value]) : facts.headChecks;
}

function placeOf(spec: ChecksSpec, facts: GateFacts): string {
  if (spec.on === 'promotion') return `the head ${facts.headSha.slice(0, 7)}`;
  return facts.sourceCommit.known
    ? `the source commit ${facts.sourceCommit.value.slice(0, 7)}`
    : 'the source commit';
}

function judgeAll(
  check: NamedCheck,
  accept: readonly string[],
  commits: readonly (readonly CheckFact[])[],
): Verdict {
  const verdicts = commits.map((found) => judge(check, accept, found));
  const worst = SEVERITY.flatMap((state) => verdicts.filter((verdict) => verdict.state === state)).at(0);
  return worst ?? judge(check, accept, []);
}

/** Those that a gate's entry speaks of. */
export function findNamed(check: NamedCheck, found: readonly CheckFact[]): CheckFact[] {
  return found.filter(
    ({ name, app }) => matchesWildcards(name, check.name) && (check.app === null || app === check.app),
  );
}

function judge(check: NamedCheck, accept: readonly string[], found: readonly CheckFact[]): Verdict {
  const named = findNamed(check, found);
  const by = check.app === null ? '' : ` by ${check.app}`;
  if (named.length === 0) return { state: 'waiting', text: `\`${check.name}\`${by} has not been reported` };
  const label = ({ name }: CheckFact) => `\`${name}\`${by}`;
  const running = named.find(({ conclusion }) => conclusion === null);
  if (running) return { state: 'waiting', text: `${label(running)} is running` };
  const good = ['success', ...accept];
  const bad = named.find(({ conclusion }) => conclusion === null || !good.includes(conclusion));
  if (bad) return { state: 'failed', text: `${label(bad)} ended with ${bad.conclusion}` };
  return { state: 'passed', text: describePassed(check, by, named) };
}

function describePassed(check: NamedCheck, by: string, named: readonly CheckFact[]): string {
  const accepted = named.find(({ conclusion }) => conclusion !== 'success');
  const what = `\`${check.name}\`${by}`;
  if (accepted) return `${what} ended with ${accepted.conclusion}, which is accepted,`;
  return check.name.includes('*') ? `${what} succeeded (${named.length} checks)` : `${what} succeeded`;
}
