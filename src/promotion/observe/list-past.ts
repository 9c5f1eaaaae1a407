import { labelRelease } from '../../domain/release.ts';
import type { Settings } from '../../domain/settings.ts';
import type { TargetLocation } from '../../domain/target.ts';
import type { HeldValues } from '../../domain/value.ts';
import { code } from '../markdown.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Stay } from '../snapshot.ts';
import { listSegments } from './list-segments.ts';
import { listStays } from './list-stays.ts';
import { makePastReader } from './read-past-target.ts';

/** How far back what a target held is looked for. GitHub's record of a very busy branch ends earlier. */
const LOOK_BACK_MS = 90 * 24 * 60 * 60 * 1000;
/** Named to whoever asked for one that is not there. */
const MOST_NAMED = 5;

export interface Past {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  nowMs: number;
}

/**
 * What a target held, newest first, what it holds now as the first; `keyOf` is equal for equal releases. By GitHub's
 * record of the default branch. Throws when that does not tell of the present commit yet.
 */
export async function listPast(
  { reader, base, settings, nowMs }: Past,
  location: TargetLocation,
  keyOf: (held: HeldValues) => string,
  mostSegments?: number,
): Promise<AsyncGenerator<Stay, void, undefined>> {
  const recorded = await reader.listMoves(base.branch, nowMs - LOOK_BACK_MS);
  const pinned = recorded.findIndex(({ after }) => after === base.commit.sha);
  if (pinned < 0)
    throw new Error(`GitHub's activity of ${base.branch} does not hold ${base.commit.sha.slice(0, 7)} yet`);
  const segments = listSegments(reader, recorded.slice(pinned), location.root, mostSegments);
  return listStays(segments, location, makePastReader(reader, base, settings), keyOf);
}

/** Whether somebody means this one: by its label, a value of it, or a commit that it was there at. */
export function isNamed(stay: Stay, said: string): boolean {
  const { values } = stay.target.held;
  return values.some(({ value }) => value === said) || labelRelease(values) === said || isAt(stay, said);
}

/** Whether somebody means this one by a commit, of at least seven digits. */
export function isAt({ tips, commit }: Stay, said: string): boolean {
  return /^[0-9a-f]{7,40}$/.test(said) && [commit.sha, ...tips].some((sha) => sha.startsWith(said));
}

/** `dev has not held v9 lately; it held v3, v2` */
export function explainUnheld(who: string, said: string, labels: readonly string[]): string {
  const known = [...new Set(labels)].slice(0, MOST_NAMED).map(code).join(', ');
  return `${who} has not held ${code(said)} lately${known ? `; it held ${known}` : ''}`;
}
