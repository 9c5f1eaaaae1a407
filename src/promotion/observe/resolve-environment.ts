import { overrideEnvironment } from '../../domain/override-environment.ts';
import { remember } from '../../domain/remember.ts';
import type { Environment, Settings } from '../../domain/settings.ts';
import { matcherOf } from './match-applications.ts';

/** More applications than a repository has that GitHub lists whole. */
const MOST_REMEMBERED = 100_000;

/**
 * Gives environments as they are for one application, with the overrides of the config. Globs are compiled once, and
 * each application is matched once, however many environments it lives in: a repository has thousands of targets.
 */
export function environmentResolver({
  overrides,
}: Pick<Settings, 'overrides'>): (environment: Environment, application: string) => Environment {
  const rules = overrides.map((override, index) => ({
    ...override,
    index,
    matches: matcherOf(override.applications),
  }));
  const rulesOf = remember(MOST_REMEMBERED, (application) =>
    rules.filter(({ matches }) => matches(application)),
  );
  const resolved = new Map<string, Environment>();
  return (environment, application) => {
    const own = rulesOf(application).filter(({ environments }) => environments.includes(environment.name));
    if (own.length === 0) return environment;
    const key = `${environment.name} ${own.map(({ index }) => index).join()}`;
    const found = resolved.get(key) ?? overrideEnvironment(environment, own);
    resolved.set(key, found);
    return found;
  };
}
