import { groupBranch, promotionBranch } from '../../domain/branch-name.ts';
import type { Environment, Settings } from '../../domain/settings.ts';
import { matcherOf } from './match-applications.ts';

/** What carries the promotions of an application to an environment. */
export interface Carriage {
  branch: string;
  /** Name of the group whose pull request it is; null when the application goes alone. */
  group: string | null;
}

/** Tells by which branch applications go. Globs are compiled once. */
export function carriageResolver({
  environments,
}: Pick<Settings, 'environments'>): (
  environment: Pick<Environment, 'name'>,
  application: string,
) => Carriage {
  const groups = new Map(
    environments.map(({ name, groups: written }) => [
      name,
      written.map((group) => ({ name: group.name, matches: matcherOf(group.applications) })),
    ]),
  );
  return ({ name }, application) => {
    const group = groups.get(name)?.find(({ matches }) => matches(application))?.name ?? null;
    return { group, branch: group ? groupBranch(group, name) : promotionBranch(application, name) };
  };
}
