import { matchTargets } from '../../domain/path-template.ts';
import type { Settings } from '../../domain/settings.ts';
import type { TargetLocation } from '../../domain/target.ts';
import type { HeldValues, ManifestProblem } from '../../domain/value.ts';
import { selectPaths } from '../../manifests/select-paths.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import type { TreeEntry } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Target } from '../snapshot.ts';
import { applicationFilter } from './decide.ts';
import { readHeld } from './read-held.ts';

const CONCURRENT_READS = 8;
const LARGEST_FILE_BYTES = 2_000_000;

/** Finds the targets that the config describes, or `only` some of them, and reads the values that they hold. */
export async function observeTargets(
  reader: RepositoryReader,
  base: Base,
  settings: Settings,
  only: (location: TargetLocation) => boolean = () => true,
): Promise<Target[]> {
  const places = findPlaces(settings, base.files).filter(({ location }) => only(location));
  const targets = await readTargets(reader, base.files, settings, places);
  return targets.filter(({ held }) => held.values.length + held.ambiguous.length + held.problems.length > 0);
}

/** Where the targets are that the config describes, whatever they hold. */
export function findPlaces(settings: Settings, files: ReadonlyMap<string, TreeEntry>): Place[] {
  const wanted = applicationFilter(settings);
  const all = withoutParts(matchTargets(settings.environments, [...files.keys()]));
  const places = groupByTarget(all, files);
  return all
    .filter(({ application }) => wanted(application))
    .map((location) => ({ location, ...places.get(location)! }));
}

/** Reads what targets hold, all of them of one commit. */
export async function readTargets(
  reader: Pick<RepositoryReader, 'readText'>,
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
    const held = readOnce(settings, { location, entries, others }, () =>
      readHeld(settings.promote, location, files, entries, others),
    );
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

/** More than most repositories have targets; to read one again costs parsing its files. */
const MOST_HELD = 20_000;

const heldBy = new WeakMap<Settings, Map<string, HeldValues>>();

/** From one look to the next few targets change: by the same config, the same files of a place hold the same values. */
function readOnce(settings: Settings, place: Place, read: () => HeldValues): HeldValues {
  const kept = heldBy.get(settings) ?? new Map<string, HeldValues>();
  heldBy.set(settings, kept);
  const files = place.entries.map(({ path, mode, sha }) => `${sha} ${mode} ${path}`);
  const key = JSON.stringify([place.location, place.others, files]);
  const known = kept.get(key);
  if (known) return known;
  if (kept.size >= MOST_HELD) kept.clear();
  const held = read();
  kept.set(key, held);
  return held;
}

/** Texts by path; null for what is too large or no text. Equal files are read once. */
async function readTexts(
  reader: Pick<RepositoryReader, 'readText'>,
  files: ReadonlyMap<string, TreeEntry>,
  paths: ReadonlySet<string>,
): Promise<Map<string, string | null>> {
  const entries = [...paths].map((path) => files.get(path)!);
  const readable = entries.filter(({ sizeBytes }) => sizeBytes <= LARGEST_FILE_BYTES);
  const shas = [...new Set(readable.map(({ sha }) => sha))];
  const read = await mapConcurrently(
    shas,
    CONCURRENT_READS,
    async (sha) => [sha, await reader.readText(sha)] as const,
  );
  const bySha = new Map(read);
  return new Map(entries.map(({ path, sha }) => [path, bySha.get(sha) ?? null]));
}

function unreadable(path: string): ManifestProblem {
  return { path, line: null, message: `is no UTF-8 text of at most ${LARGEST_FILE_BYTES / 1_000_000} MB` };
}

/** What is a target's own: its files, and the targets that live at the very same place. */
export interface Place {
  location: TargetLocation;
  entries: TreeEntry[];
  others: TargetLocation[];
}

/**
 * Files of each target. Where places lie one in another, a file belongs to the innermost one, so that no target moves
 * what is another's. One pass over the tree, however many targets there are.
 */
function groupByTarget(
  locations: readonly TargetLocation[],
  files: ReadonlyMap<string, TreeEntry>,
): Map<TargetLocation, Omit<Place, 'location'>> {
  const byRoot = new Map<string, TargetLocation[]>();
  for (const location of locations) {
    byRoot.set(location.root, [...(byRoot.get(location.root) ?? []), location]);
  }
  const places = new Map(
    locations.map((location): [TargetLocation, Omit<Place, 'location'>] => {
      const others = byRoot.get(location.root)!.filter((other) => other !== location);
      return [location, { entries: [], others }];
    }),
  );
  for (const [path, entry] of files) {
    for (const owner of ownersOf(byRoot, path)) places.get(owner)!.entries.push(entry);
  }
  return places;
}

/** The targets of the innermost place that a file lies in. */
function ownersOf(byRoot: ReadonlyMap<string, TargetLocation[]>, path: string): TargetLocation[] {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const here = byRoot.get(path.slice(0, end));
    if (here) return here;
  }
  return [];
}

/** A file in a folder that is a target of the same environment is a part of that target, and none of its own. */
function withoutParts(locations: readonly TargetLocation[]): TargetLocation[] {
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
