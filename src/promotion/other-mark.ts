import { createHash } from 'node:crypto';
import type { Settings } from '../domain/settings.ts';

/** Mark of the check run on a pull request that is no promotion, where nothing is guarded. */
export const OTHER_MARK = 'other';

/** Mark of a check run that says only that something is not known yet. */
export const UNJUDGED_MARK = 'unjudged';

const GROUP_PREFIX = 'group:';

/** Mark of the check run on what a merge queue has built: it attests no head of a pull request. */
export function groupMark(number: number, headSha: string): string {
  return `${GROUP_PREFIX}${number}:${headSha}`;
}

export function isGroupMark(externalId: string): boolean {
  return externalId.startsWith(GROUP_PREFIX);
}

/** Whether anything is guarded at all: where nothing is, nothing is read for it. */
export function hasGuard({ environments, overrides }: Settings): boolean {
  return environments.some(({ guard }) => guard) || overrides.some(({ terms }) => terms.guard);
}

/**
 * Mark of the check run on a pull request that is no promotion. It stands for all of the config that the verdict
 * depends on, so that an older verdict is known by its mark.
 */
export function otherMark(settings: Settings): string {
  if (!hasGuard(settings)) return OTHER_MARK;
  const { environments, overrides, applications, promote } = settings;
  const guarding = {
    environments: environments.map(({ name, paths, guard = false, noOverride }) => ({
      name,
      paths,
      guard,
      isStrict: noOverride.includes('guard'),
    })),
    overrides: overrides.map(({ applications: names, environments: where, terms }) => ({
      names,
      where,
      guard: terms.guard,
      isStrict: terms.noOverride?.includes('guard'),
    })),
    applications,
    promote,
  };
  const hash = createHash('sha256').update(JSON.stringify(guarding)).digest('hex');
  return `${OTHER_MARK}:${hash.slice(0, 16)}`;
}

/** Whether a check run with this mark is a verdict on such a pull request; any when no mark is given. */
export function isOtherMark(externalId: string, mark: string | null = null): boolean {
  if (mark !== null) return externalId === mark;
  return externalId === OTHER_MARK || externalId.startsWith(`${OTHER_MARK}:`);
}
