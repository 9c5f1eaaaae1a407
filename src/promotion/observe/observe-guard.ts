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
import { findPlaces, readTargets } from './observe-targets.ts';
import { findOtherOrigins } from './other-origins.ts';
import type { Place } from './place.ts';
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
  promotions: readonly Pick<Pull, 'branch'>[],
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
  const compareWith = async (side: Side, key: string, after: Place): Promise<Compared> => {
    const before = side.places.get(key);
    if (!before || isSame(before, after)) return { changes: [], unreadable: [] };
    const [[was], [is]] = await Promise.all([
      readTargets(reader, side.files, settings, [before]),
      readTargets(reader, head.files, settings, [after]),
    ]);
    return compare(was!, is!, side.files, head.files);
  };
  const others = await findOtherOrigins(
    reader,
    { baseSha: base.commit.sha, originSha, headSha: pull.headSha },
    promotions,
  );
  const sidesOf = (shas: readonly string[] = []) =>
    Promise.all(shas.map((sha) => readFiles(reader, sha).then(sideOf)));
  const [crossed, promoted] = await Promise.all([sidesOf(others?.crossed), sidesOf(others?.promoted)]);
  for (const [key, after] of head.places) {
    const compared = [await compareWith(origin.places.has(key) ? origin : tip, key, after)];
    for (const side of promoted) compared.push(await compareWith(side, key, after));
    // What the default branch holds already is no change, whichever way it came there.
    const isNew = crossed.length > 0 && isAny(await compareWith(tip, key, after));
    for (const side of isNew ? crossed : []) compared.push(await compareWith(side, key, after));
    const first = compared.find(isAny);
    changes.push(...(first?.changes ?? []));
    unreadable.push(...(first?.unreadable ?? []));
  }
  unreadable.push(...findCovered(origin, head), ...(others ? [] : explainTooMany(head)));
  const touched = [...changes, ...unreadable];
  const strict = new Set(
    touched
      .filter((each) => environmentOf(each)?.noOverride.includes('guard'))
      .map(({ environment }) => environment),
  );
  const override = strict.size > 0 ? null : (overrides.find(({ gate }) => gate === 'guard') ?? null);
  return { changes, unreadable, unknown: null, override, strict: [...strict] };
}

/** Targets that are gone, with something else in their place. */
function findCovered(origin: Side, head: Side): Compared['unreadable'] {
  const gone = [...origin.places].filter(([key]) => !head.places.has(key));
  return gone.flatMap(
    ([
      ,
      {
        location: { application, environment, root },
      },
    ]) => {
      if (!isCovered(root, head.files)) return [];
      const reason = `${code(root)} is not what it was, a folder or a file of its own: what it holds is not known`;
      return [{ application, environment, reason }];
    },
  );
}

/** Told once for each environment. */
function explainTooMany({ places }: Side): Compared['unreadable'] {
  const found = new Map([...places.values()].map(({ location }) => [location.environment, location]));
  return [...found.values()].map(({ application, environment }) => {
    const reason = `the pull request has too many commits to tell what it does in ${code(environment)}: squash them`;
    return { application, environment, reason };
  });
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

type Compared = Pick<GuardFacts, 'changes' | 'unreadable'>;

function isAny({ changes, unreadable }: Compared): boolean {
  return changes.length + unreadable.length > 0;
}

function compare(was: Target, is: Target, before: Files, after: Files): Compared {
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
