import { CONFIG_PATH } from '../../config/parse-config.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Base, Candidate, Snapshot } from '../snapshot.ts';

/**
 * Path of a file that a promotion was judged by and that the default branch does not hold any more as it was; null when
 * there is none: the config, and the folders of the application and of those it comes after, in the environment and in
 * all that lead to it.
 */
export function findTouched(
  { base, settings, targets }: Pick<Snapshot, 'base' | 'settings' | 'targets'>,
  fresh: Base,
  { application, environment }: Pick<Candidate, 'application' | 'environment'>,
): string | null {
  if (fresh.commit.sha === base.commit.sha) return null;
  const named = environment.gates.flatMap((gate) => (gate.kind === 'after' ? gate.dependencies : []));
  const applications = new Set([application, ...named.map((each) => each.application)]);
  const environments = leadingTo(settings, environment.name);
  const roots = targets
    .map(({ location }) => location)
    .filter((location) => applications.has(location.application) && environments.has(location.environment))
    .map(({ root }) => root);
  const isOurs = (path: string) =>
    path === CONFIG_PATH || roots.some((root) => path === root || path.startsWith(`${root}/`));
  return changedPaths(base, fresh).find(isOurs) ?? null;
}

/** An environment and all that a release may come through on the way to it. */
function leadingTo({ environments }: Settings, name: string): ReadonlySet<string> {
  const leading = new Set([name]);
  // Each environment stands after those that it takes from.
  for (const stage of environments.toReversed()) {
    if (leading.has(stage.name)) for (const source of stage.from) leading.add(source);
  }
  return leading;
}

function changedPaths(before: Base, after: Base): string[] {
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  return [...paths].filter((path) => {
    const [old, now] = [before.files.get(path), after.files.get(path)];
    return old?.sha !== now?.sha || old?.mode !== now?.mode;
  });
}
