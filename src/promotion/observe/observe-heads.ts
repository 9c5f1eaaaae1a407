import type { Commit } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FoundPromotion } from '../snapshot.ts';
import { readMember, readPlanned } from './observe-pulls.ts';

/** Heads of one pull request that are followed back, from one that was made anew to the one before. */
const MOST_HEADS = 50;

/** The heads of a branch since it began to carry its release. */
export interface Heads {
  /** Sluice's first commit for the release. */
  first: Commit;
  /** The branch began with it. */
  isFromStart: boolean;
  /** Merges that GitHub's button "Update branch" made in between. */
  updates: Commit[];
}

/**
 * Follows a branch back to where it began to carry its release. A head that was made anew for the same release, after
 * a conflict say, starts nothing new, and neither does GitHub's button "Update branch" in between. Of very many heads
 * the newest are followed, as if the branch had begun with the oldest of them.
 */
export async function readHeads(
  reader: Pick<RepositoryReader, 'readCommit'>,
  { head, pull, trailers }: FoundPromotion,
): Promise<Heads> {
  let first = head;
  let at = head;
  const updates: Commit[] = head.isSluices ? [] : [head];
  for (let step = 0; at.parents.length > 1; step++) {
    if (step >= MOST_HEADS) {
      // A group may be made anew very often; what was said before the heads that are known is not asked about.
      if (first.isSluices) break;
      throw new Error(`#${pull.number} was updated more than ${MOST_HEADS} times`);
    }
    const before = await reader.readCommit(at.parents[0]!);
    const said = trailers && readMember(before, pull.branch, trailers.application);
    const { trailers: alone, group } = readPlanned(before, pull.branch);
    const isUpdate = !alone && !group && before.parents.length === 2 && before.committerLogin === 'web-flow';
    if (!isUpdate && said?.fingerprint !== trailers?.fingerprint) break;
    at = before;
    if (said) first = before;
    if (isUpdate) updates.push(before);
  }
  return { first, isFromStart: first.parents.length < 2, updates };
}
