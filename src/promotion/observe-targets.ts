import { matchTargets } from '../domain/path-template.ts';
import type { Settings } from '../domain/settings.ts';
import type { TargetLocation } from '../domain/target.ts';
import { readValues } from '../manifests/read-values.ts';
import { selectPaths } from '../manifests/select-paths.ts';
import { applicationFilter } from './decide.ts';
import { mapConcurrently } from './map-concurrently.ts';
import type { RepositoryReader, TreeEntry } from './ports.ts';
import type { Base, Target } from './snapshot.ts';

const CONCURRENT_READS = 8;

/** Finds the targets that the config describes, and reads the values that they hold. */
export async function observeTargets(reader: RepositoryReader, base: Base, settings: Settings): Promise<Target[]> {
  const paths = [...base.files.keys()];
  const wanted = applicationFilter(settings);
  const locations = matchTargets(settings.environments, paths).filter(({ application }) => wanted(application));
  const contained = groupByRoot(locations, base.files);
  const plans = locations.map((location) => {
    const entries = contained.get(location.root) ?? [];
    const selected = selectPaths(settings.promote, location, entries.map(({ path }) => path));
    return { location, entries, selected };
  });
  const shas = new Set(plans.flatMap(({ selected }) => selected.map((path) => base.files.get(path)!.sha)));
  const texts = new Map(
    await mapConcurrently([...shas], CONCURRENT_READS, async (sha) => [sha, await reader.readText(sha)] as const),
  );
  return plans
    .map(({ location, entries, selected }) => {
      const files = selected.map((path) => ({ path, text: texts.get(base.files.get(path)!.sha)! }));
      const held = readValues(settings.promote, location, files, entries);
      return { location, held, texts: new Map(files.map(({ path, text }) => [path, text])) };
    })
    .filter(({ held }) => held.values.length + held.ambiguous.length + held.problems.length > 0);
}

/** Files at or below each root. One pass over the tree, however many targets there are. */
function groupByRoot(
  locations: readonly TargetLocation[],
  files: ReadonlyMap<string, TreeEntry>,
): Map<string, TreeEntry[]> {
  const groups = new Map<string, TreeEntry[]>(locations.map(({ root }) => [root, []]));
  for (const [path, entry] of files) {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      groups.get(path.slice(0, end))?.push(entry);
    }
  }
  return groups;
}
