import type { BadRelease } from './bad-release.ts';
import {
  type Comparison,
  type ComparisonRules,
  compareValues,
  holdsSame,
  type ValueChange,
} from './compare-values.ts';
import type { PromoteRule } from './promote-rule.ts';
import { makeRelease, type Release } from './release.ts';
import type { Environment } from './settings.ts';
import type { HeldValues } from './value.ts';

/** Moving a release from one environment (or from a build) to the next. */
export interface Promotion {
  application: string;
  /** Source environments, all of which hold the release; empty when the release comes from a build. */
  from: readonly string[];
  to: string;
  release: Release;
  changes: ValueChange[];
  /** It brings back what was there before this one: `from` is then the environment itself. Absent: it does not. */
  rollsBack?: BadRelease;
}

/** Why something is not promoted, for people. */
export interface NotPromoted {
  application: string;
  from: readonly string[];
  to: string;
  reason: string;
}

export interface Decision {
  promotion: Promotion | null;
  notPromoted: NotPromoted[];
  /** The first of the reasons holds back a release; without it, they tell of values that stay where they are. */
  isBlocked?: true;
}

/** What most targets come to: they hold what their sources hold. */
export const NOTHING_DUE: Decision = Object.freeze({ promotion: null, notPromoted: [] });

/**
 * Decides for one application and one environment what is to be promoted now, and what is not and why.
 * `held` gives what a target holds, or null when the application has no such target.
 */
export function decidePromotion(
  application: string,
  environment: Environment,
  held: (environment: string) => HeldValues | null,
  promote: readonly PromoteRule[],
): Decision {
  const { name: to, from } = environment;
  const target = held(to);
  if (!target || from.length === 0 || isSettled(environment, held, target, promote)) return NOTHING_DUE;
  const explain = (reason: string): Decision => ({
    promotion: null,
    notPromoted: [{ application, from, to, reason }],
    isBlocked: true,
  });

  const missing = from.filter((source) => held(source) === null);
  if (missing.length === from.length) return NOTHING_DUE;
  if (missing.length > 0)
    return explain(
      `${application} does not exist in ${missing.join(', ')}, and ${to} takes from all of ${from.join(', ')}`,
    );

  const rules = comparisonRules(environment, promote);
  const comparisons = from.map((source) => compareValues(held(source)!, target, rules));
  const differing = describeDiffering(from, comparisons);
  if (differing !== null) return explain(`${differing}; ${to} takes a release that all of them hold`);
  const comparison = comparisons[0]!;
  const notPromoted = leftOutReasons(comparisons).map((reason) => ({ application, from, to, reason }));
  const blocked = [...new Set(comparisons.flatMap((each) => each.blocked))];
  if (comparison.changes.length === 0 || blocked.length > 0) {
    return {
      promotion: null,
      notPromoted: [...blocked.map((reason) => ({ application, from, to, reason })), ...notPromoted],
      ...(blocked.length > 0 ? { isBlocked: true } : {}),
    };
  }
  return {
    promotion: { application, from, to, release: toRelease(comparison), changes: comparison.changes },
    notPromoted,
  };
}

/** Asked first, of thousands of targets: nothing is made for those where nothing is due. */
function isSettled(
  environment: Environment,
  held: (environment: string) => HeldValues | null,
  target: HeldValues,
  promote: readonly PromoteRule[],
): boolean {
  if (target.problems.length > 0) return false;
  const rules = comparisonRules(environment, promote);
  return environment.from.every((source) => {
    const offered = held(source);
    return offered !== null && offered.problems.length === 0 && holdsSame(offered, target, rules);
  });
}

/** What each source holds, when that is not one release; null when it is. */
function describeDiffering(from: readonly string[], comparisons: readonly Comparison[]): string | null {
  if (comparisons.length === 1) return null;
  const releases = comparisons.map(toRelease);
  if (new Set(releases.map(({ fingerprint }) => fingerprint)).size === 1) return null;
  return from.map((source, index) => `${source} holds ${releases[index]!.label}`).join(', ');
}

/** On what terms values may move into an environment. */
export function comparisonRules(
  { name, from, allowDowngrade, allowFloating, allow }: Environment,
  promote: readonly PromoteRule[],
): ComparisonRules {
  return { promote, allowDowngrade, allowFloating, floating: [name, ...from], allow };
}

function leftOutReasons(comparisons: readonly Comparison[]): string[] {
  return [...new Set(comparisons.flatMap(({ leftOut }) => leftOut))];
}

export function toRelease({ shared, changes }: Comparison): Release {
  const moved = new Set(changes.map(({ kind, name, part }) => `${kind} ${name} ${part}`));
  return makeRelease(
    shared,
    shared.filter(({ kind, name, part }) => moved.has(`${kind} ${name} ${part}`)),
  );
}
