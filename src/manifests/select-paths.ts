import type { PromoteRule } from '../domain/promote-rule.ts';
import type { TargetLocation } from '../domain/target.ts';
import { kindsOf } from './kinds/all.ts';

/**
 * Which of the repository's files must be read as text for the values of a target, in the given order.
 * Whole files are told by their blob SHA and need no text.
 */
export function selectPaths(
  rules: readonly PromoteRule[],
  target: TargetLocation,
  paths: readonly string[],
): string[] {
  const filters = rules.flatMap((rule) => kindsOf(rule).map((kind) => kind.pathFilter(target, rule)));
  return paths.filter((path) => filters.some((isWanted) => isWanted(path)));
}
