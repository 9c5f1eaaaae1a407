import { findDirectChanges } from '../../domain/direct-changes.ts';
import type { OverrideFact } from '../../domain/gates/facts.ts';
import type { Settings } from '../../domain/settings.ts';
import { describeTarget, targetKey } from '../../domain/target.ts';
import { describeProblem } from '../../domain/value.ts';
import { code } from '../markdown.ts';
import type { TreeEntry } from '../ports/git.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, DirectChange, GuardFacts, Target } from '../snapshot.ts';
import { findPlaces, type Place, readTargets } from './observe-targets.ts';
import { environmentResolver } from './resolve-environment.ts';
import { readFiles } from './verify-merge.ts';

type Files = ReadonlyMap<string, TreeEntry>;

/** The guarded targets of one commit, by `targetKey`. */
interface Side {
  files: Files;
  places: ReadonlyMap<string, Place>;
}

/**
 * What a pull request does to the promoted values of guarded environments: its head against the commit where it left
 * the default branch, by the config of the default branch. Trees tell every file, where GitHub's list of a pull
 * request's files ends at 3,000; the objects of a fork are read by their SHA like any other.
 */
export async function observeGuard(
  reader: RepositoryReader,
  base: Base,
  settings: Settings,
  pull: Pull,
  overrides: readonly OverrideFact[],
): Promise<GuardFacts> {
  const environmentOf = guardResolver(settings);
  const sideOf = (files: Files): Side => {
    const guarded = findPlaces(settings, files).filter(({ location }) => environmentOf(location)?.guard);
    return { files, places: new Map(guarded.map((place) => [targetKey(place.location), place])) };
  };
  const originSha = await reader.readMergeBase(base.commit.sha, pull.headSha);
  const [origin, head] = await Promise.all([
    readFiles(reader, originSha).then(sideOf),
    readFiles(reader, pull.headSha).then(sideOf),
  ]);
  const tip = sideOf(base.files);
  const changes: DirectChange[] = [];
  const unreadable: GuardFacts['unreadable'][number][] = [];
  for (const [key, after] of head.places) {
    const side = origin.places.has(key) ? origin : tip;
    const before = side.places.get(key);
    if (!before || isSame(before, after)) continue;
    const [[was], [is]] = await Promise.all([
      readTargets(reader, side.files, settings, [before]),
      readTargets(reader, head.files, settings, [after]),
    ]);
    const compared = compare(was!, is!, side.files, head.files);
    changes.push(...compared.changes);
    unreadable.push(...compared.unreadable);
  }
  for (const [key, { location }] of origin.places) {
    if (head.places.has(key) || !isCovered(location.root, head.files)) continue;
    const { application, environment } = location;
    const reason = `${code(location.root)} is not what it was, a folder or a file of its own: what it holds is not known`;
    unreadable.push({ application, environment, reason });
  }
  const touched = [...changes, ...unreadable];
  const strict = new Set(
    touched
      .filter((each) => environmentOf(each)?.noOverride.includes('guard'))
      .map(({ environment }) => environment),
  );
  const override = strict.size > 0 ? null : (overrides.find(({ gate }) => gate === 'guard') ?? null);
  return { changes, unreadable, unknown: null, override, strict: [...strict] };
}

/** Environments as they are for one application, by target. */
function guardResolver(settings: Settings) {
  const resolve = environmentResolver(settings);
  const byName = new Map(settings.environments.map((environment) => [environment.name, environment]));
  return ({ application, environment }: { application: string; environment: string }) => {
    const found = byName.get(environment);
    return found && resolve(found, application);
  };
}

function isSame(before: Place, after: Place): boolean {
  const tell = ({ location, entries }: Place) =>
    JSON.stringify([location.root, ...entries.map(({ path, mode, sha }) => [path, mode, sha]).sort()]);
  return tell(before) === tell(after);
}

/** Whether a link, a submodule or a file stands where the target was: then it is not simply gone. */
function isCovered(root: string, files: Files): boolean {
  for (let end = root.length; end > 0; end = root.lastIndexOf('/', end - 1)) {
    if (files.has(root.slice(0, end))) return true;
  }
  return false;
}

function compare(
  was: Target,
  is: Target,
  before: Files,
  after: Files,
): Pick<GuardFacts, 'changes' | 'unreadable'> {
  const { application, environment } = is.location;
  const changes = findDirectChanges(was.held, is.held).map(({ place, ...change }) => ({
    application,
    environment,
    ...change,
    place: place && { path: place.path, line: place.line },
  }));
  // What could not be read before either, and was not touched, is no doing of this pull request.
  const problems = [...was.held.problems, ...is.held.problems].filter(
    ({ path }) => before.get(path)?.sha !== after.get(path)?.sha,
  );
  const reasons = new Set(problems.map(describeProblem));
  const unreadable = [...reasons].map((reason) => ({
    application,
    environment,
    reason: `${code(describeTarget(is.location))} cannot be compared: ${reason}`,
  }));
  return { changes, unreadable };
}
