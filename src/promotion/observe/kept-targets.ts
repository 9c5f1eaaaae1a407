import { LRUCache } from 'lru-cache';
import type { PromoteRule } from '../../domain/promote-rule.ts';
import { targetKey } from '../../domain/target.ts';
import type { Target } from '../snapshot.ts';
import type { Place } from './place.ts';

/** What targets were found to hold: most of them are at the next look as they were at the last. Safe to lose. */
export type KeptTargets = LRUCache<string, KeptTarget>;

interface KeptTarget {
  /** Everything that a target's values are read from. */
  readFrom: string;
  target: Target;
}

/** A few kilobytes each. */
const MOST_TARGETS = 30_000;

export function makeKeptTargets(): KeptTargets {
  // `max` would reserve all of it at once.
  return new LRUCache({ maxSize: MOST_TARGETS, sizeCalculation: () => 1 });
}

/** Gives targets in the order of their places; `read` is asked for those of which anything is new. */
export async function keepTargets(
  kept: KeptTargets | undefined,
  repository: string,
  rules: readonly PromoteRule[],
  places: readonly Place[],
  read: (places: readonly Place[]) => Promise<Target[]>,
): Promise<Target[]> {
  if (!kept) return read(places);
  const rulesText = JSON.stringify(rules);
  const keyed = places.map((place) => {
    const { location, entries, others } = place;
    // A blob's SHA is its content, and the path of a place is that of its entries.
    const blobs = entries.map(({ path, mode, sha }) => `${path} ${mode} ${sha}`);
    const shared = others.map(({ application, environment }) => `${application} ${environment}`);
    const readFrom = [location.root, location.isFile, ...shared, ...blobs, rulesText].join('\n');
    const key = `${repository} ${targetKey(location)}`;
    const before = kept.get(key);
    return { place, key, readFrom, target: before?.readFrom === readFrom ? before.target : null };
  });
  const fresh = keyed.filter(({ target }) => target === null);
  const found = await read(fresh.map(({ place }) => place));
  for (const [index, { key, readFrom }] of fresh.entries())
    kept.set(key, { readFrom, target: found[index]! });
  let at = 0;
  return keyed.map(({ target }) => target ?? found[at++]!);
}
