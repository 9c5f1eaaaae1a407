import { matchTargets } from '../../domain/path-template.ts';
import type { Settings } from '../../domain/settings.ts';
import type { TargetLocation } from '../../domain/target.ts';
import type { ManifestProblem } from '../../domain/value.ts';
import { selectPaths } from '../../manifests/select-paths.ts';
import type { TreeEntry } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Target } from '../snapshot.ts';
import { applicationFilter } from './decide.ts';
import { type KeptTargets, keepTargets } from './kept-targets.ts';
import type { Place } from './place.ts';
import { readHeld } from './read-held.ts';

const LARGEST_FILE_BYTES = 2_000_000;

/** Finds the targets that the config describes, or `only` some of them, and reads the values that they hold. */
export async function observeTargets(
  reader: RepositoryReader,
  base: Base,
  settings: Settings,
  only: (location: TargetLocation) => boolean = () => true,
  kept?: KeptTargets,
): Promise<Target[]> {
  const places = findPlaces(settings, base.files).filter(({ location }) => only(location));
  const targets = await keepTargets(kept, base.repository, settings.promote, places, (fresh) =>
    readTargets(reader, base.files, settings, fresh),
  );
  return targets.filter(({ held }) => held.values.length + held.ambiguous.length + held.problems.length > 0);
}

/** Where the targets are that the config describes, whatever they hold. */
export function findPlaces(settings: Settings, files: ReadonlyMap<string, TreeEntry>): Place[] {
  const wanted = applicationFilter(settings);
  const all = withoutParts(matchTargets(settings.environments, [...files.keys()]));
  const roots = groupByRoot(all, files);
  return all
    .filter(({ application }) => wanted(application))
    .map((location) => {
      const { locations, entries } = roots.get(location.root)!;
      return { location, entries, others: locations.filter((other) => other !== location) };
    });
}

/** Reads what targets hold, all of them of one commit. */
export async function readTargets(
  reader: Pick<RepositoryReader, 'readTexts'>,
  all: ReadonlyMap<string, TreeEntry>,
  settings: Settings,
  places: readonly Place[],
): Promise<Target[]> {
  const plans = places.map((place) => {
    const paths = place.entries.map(({ path }) => path);
    return { ...place, selected: selectPaths(settings.promote, place.location, paths) };
  });
  const texts = await readTexts(reader, all, new Set(plans.flatMap(({ selected }) => selected)));
  return plans.map(({ location, entries, selected, others }) => {
    const files = selected.flatMap((path) => {
      const text = texts.get(path);
      return typeof text === 'string' ? [{ path, text }] : [];
    });
    const held = readHeld(settings.promote, location, files, entries, others);
    const problems = [
      ...held.problems,
      ...selected.filter((path) => texts.get(path) === null).map(unreadable),
    ];
    return {
      location,
      held: { ...held, problems },
      texts: new Map(files.map(({ path, text }) => [path, text])),
    };
  });
}

/** Texts by path; null for what is too large or no text. Equal files are read once. */
async function readTexts(
  reader: Pick<RepositoryReader, 'readTexts'>,
  files: ReadonlyMap<string, TreeEntry>,
  paths: ReadonlySet<string>,
): Promise<Map<string, string | null>> {
  const entries = [...paths].map((path) => files.get(path)!);
  const readable = entries.filter(({ sizeBytes }) => sizeBytes <= LARGEST_FILE_BYTES);
  const bySha = await reader.readTexts([...new Set(readable.map(({ sha }) => sha))]);
  return new Map(entries.map(({ path, sha }) => [path, bySha.get(sha) ?? null]));
}

function unreadable(path: string): ManifestProblem {
  return { path, line: null, message: `is no UTF-8 text of at most ${LARGEST_FILE_BYTES / 1_000_000} MB` };
}

/** A root with the targets that live there. */
interface Root {
  locations: TargetLocation[];
  entries: TreeEntry[];
}

/**
 * Files of each target. Where places lie one in another, a file belongs to the innermost one, so that no target moves
 * what is another's. One pass over the tree, however many targets there are.
 */
function groupByRoot(
  locations: readonly TargetLocation[],
  files: ReadonlyMap<string, TreeEntry>,
): ReadonlyMap<string, Root> {
  const roots = new Map<string, Root>();
  for (const location of locations) {
    const here = roots.get(location.root);
    if (here) here.locations.push(location);
    else roots.set(location.root, { locations: [location], entries: [] });
  }
  for (const [path, entry] of files) innermostOf(roots, path)?.entries.push(entry);
  return roots;
}

/** The innermost place that a file lies in. */
function innermostOf(roots: ReadonlyMap<string, Root>, path: string): Root | null {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const here = roots.get(path.slice(0, end));
    if (here) return here;
  }
  return null;
}

/** A file in a folder that is a target of the same environment is a part of that target, and none of its own. */
function withoutParts(locations: readonly TargetLocation[]): readonly TargetLocation[] {
  if (!locations.some(({ isFile }) => isFile)) return locations;
  const folders = new Set(
    locations.filter(({ isFile }) => !isFile).map(({ environment, root }) => `${environment} ${root}`),
  );
  const isPart = ({ environment, root }: TargetLocation) => {
    for (let end = root.lastIndexOf('/'); end > 0; end = root.lastIndexOf('/', end - 1)) {
      if (folders.has(`${environment} ${root.slice(0, end)}`)) return true;
    }
    return false;
  };
  return locations.filter((location) => !location.isFile || !isPart(location));
}
