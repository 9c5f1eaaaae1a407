import type { Settings } from '../../domain/settings.ts';
import { type TargetLocation, targetKey } from '../../domain/target.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, PastTarget } from '../snapshot.ts';
import { observeTargets } from './observe-targets.ts';

export type PastReader = (location: TargetLocation, sha: string) => Promise<PastTarget | null>;

/**
 * Reads what a target held at a commit, by the config as it is now; null when it was not there. Reads the same once in a
 * look, and git objects never change.
 */
export function makePastReader(reader: RepositoryReader, base: Base, settings: Settings): PastReader {
  const kept = new Map<string, Promise<PastTarget | null>>();
  return (location, sha) => {
    const key = `${targetKey(location)} ${sha}`;
    const found = kept.get(key) ?? readPast(reader, base, settings, location, sha);
    kept.set(key, found);
    return found;
  };
}

async function readPast(
  reader: RepositoryReader,
  base: Base,
  settings: Settings,
  location: TargetLocation,
  sha: string,
): Promise<PastTarget | null> {
  const commit = await reader.readCommit(sha);
  const tree = await reader.readTree(commit.treeSha);
  const files = new Map(tree.filter(({ type }) => type !== 'tree').map((entry) => [entry.path, entry]));
  const key = targetKey(location);
  const found = await observeTargets(
    reader,
    { ...base, commit, tree, files },
    settings,
    (each) => targetKey(each) === key,
  );
  const target = found.find((each) => each.location.root === location.root);
  return target ? { target, commit } : null;
}
