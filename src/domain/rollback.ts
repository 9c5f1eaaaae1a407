import type { BadRelease } from './bad-release.ts';
import { compareValues } from './compare-values.ts';
import type { PromoteRule } from './promote-rule.ts';
import { comparisonRules, type Decision, toRelease } from './promotion.ts';
import type { Release } from './release.ts';
import type { Environment } from './settings.ts';
import { type HeldValues, valueKey } from './value.ts';

/** What a target held when it held the bad release, what it held before, and what it holds now. */
export interface RollbackValues {
  bad: HeldValues;
  before: HeldValues;
  held: HeldValues;
}

/**
 * Decides what a rollback changes: only promoted values, only where the target holds them, and an older version may
 * come. Null when the target does not hold the bad release any more: there is nothing to roll back.
 */
export function decideRollback(
  mark: BadRelease,
  environment: Environment,
  { bad, before, held }: RollbackValues,
  promote: readonly PromoteRule[],
): Decision | null {
  const rules = backwardRules(environment, promote);
  const moved = compareValues(before, bad, rules).changes;
  const standing = new Map(held.values.map((value) => [valueKey(value), value.value]));
  const isStanding = moved.every((change) => (standing.get(valueKey(change)) ?? null) === change.from);
  if (moved.length === 0 || !isStanding) return null;
  const { application } = mark;
  const { name: to } = environment;
  const from = [to];
  const comparison = compareValues(before, held, rules);
  const reasons = (each: readonly string[]) =>
    [...new Set(each)].map((reason) => ({ application, from, to, reason }));
  const notPromoted = [...reasons(comparison.blocked), ...reasons(comparison.leftOut)];
  if (comparison.blocked.length > 0) return { promotion: null, notPromoted, isBlocked: true };
  const { changes } = comparison;
  return {
    promotion: { application, from, to, release: toRelease(comparison), changes, rollsBack: mark },
    notPromoted,
  };
}

/**
 * The release that a target holds, as the promotion that brought it would name it: of the values that its source has
 * too. `sources` are what those hold now, none for a first environment; `other` is what it is told apart from.
 */
export function identifyRelease(
  environment: Environment,
  held: HeldValues,
  [source]: readonly HeldValues[],
  other: HeldValues,
  promote: readonly PromoteRule[],
): Release {
  const keys = source && new Set(source.values.map(valueKey));
  const values = held.values.filter((value) => value.kind === 'file' || !keys || keys.has(valueKey(value)));
  return toRelease(compareValues({ ...held, values }, other, backwardRules(environment, promote)));
}

/** The terms of the environment, but for the direction. */
export function backwardRules(environment: Environment, promote: readonly PromoteRule[]) {
  return { ...comparisonRules(environment, promote), allowDowngrade: true };
}

/** An environment as it is for a rollback: without the gates that the config lets it skip. */
export function rollbackEnvironment(environment: Environment): Environment {
  const { skip = [], autoMerge = null } = environment.rollback ?? {};
  return {
    ...environment,
    gates: environment.gates.filter(({ kind }) => !skip.includes(kind)),
    autoMerge: autoMerge ?? environment.autoMerge,
    open: 'at-once',
  };
}
