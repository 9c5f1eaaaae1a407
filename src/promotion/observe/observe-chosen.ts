import type { ChosenReleases } from '../snapshot.ts';
import type { MoveReader } from './observe-arrivals.ts';
import { observeNamed } from './observe-named.ts';
import { observeQualified } from './observe-qualified.ts';

type Context = Parameters<typeof observeQualified>[0];

/**
 * Releases that come in place of what sources hold now: those that have qualified where the config wants that, and those
 * that people have named. `moves` is the record of the branch, when it was read.
 */
export async function observeChosen(
  context: Context,
): Promise<{ chosen: ChosenReleases; moves: MoveReader | null }> {
  const { chosen, moves } = await observeQualified(context);
  return { chosen: new Map([...chosen, ...(await observeNamed(context))]), moves };
}
