import type { PromoteRule } from '../domain/promote-rule.ts';
import type { TargetLocation } from '../domain/target.ts';
import { globMatcher, isKustomization, pathBelowRoot } from './below-root.ts';

/**
 * Which of the repository's files must be read as text for the values of a target, in the given order.
 * Whole files are told by their blob SHA and need no text.
 */
export function selectPaths(
  rules: readonly PromoteRule[],
  target: TargetLocation,
  paths: readonly string[],
): string[] {
  const wanted = rules.map((rule) => pathFilter(rule, target));
  return paths.filter((path) => wanted.some((isWanted) => isWanted(path)));
}

/** Which paths one rule reads. */
export function pathFilter(rule: PromoteRule, target: TargetLocation): (path: string) => boolean {
  const isRoot = (path: string) => target.isFile && path === target.root;
  if (rule.kind === 'images' || rule.kind === 'refs') {
    return (path) => isKustomization(path) && (isRoot(path) || pathBelowRoot(target, path) !== null);
  }
  if (rule.kind === 'files') return () => false;
  if (rule.file === null) return isRoot;
  const matches = globMatcher([rule.file]);
  return (path) => {
    const below = pathBelowRoot(target, path);
    return below !== null && matches(below);
  };
}
