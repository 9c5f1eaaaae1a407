import type { Promotion } from '../../domain/promotion.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { ClosedPull, Decided } from '../snapshot.ts';
import { findClosedMember } from './observe-group.ts';
import {
  describeForeignTip,
  GIVEN_UP_MARK,
  OBSOLETE_MARK,
  readPlanned,
  readTrailers,
} from './observe-pulls.ts';
import { RECENT_CLOSED } from './share-closed.ts';

/**
 * What stands against opening a pull request for what is due; a person's later word for it outweighs an earlier one
 * against it, and of a rollback it is known already. Nothing, where it has one: `adopted`.
 */
export async function findAgainst(
  reader: RepositoryReader,
  decided: Decided,
  { adopted, requestedBy }: { adopted: object | null; requestedBy: string | null },
): ReturnType<typeof findEnded> {
  const { promotion } = decided;
  if (!promotion || adopted || requestedBy || promotion.rollsBack) return null;
  return findEnded(reader, decided, promotion);
}

/** What the last pull request of the branch says against opening one: a person's decision, or a person's commit on it. */
async function findEnded(
  reader: RepositoryReader,
  decided: Decided,
  promotion: Promotion,
): Promise<ClosedPull | { taken: string } | null> {
  const last = await findLast(reader, decided.branch);
  if (!last) return null;
  const closed = await findClosed(reader, decided, promotion, last);
  // What has merged mostly leaves no branch, and is not worth a call.
  const taken = closed || last.isMerged ? null : await findTaken(reader, decided.branch);
  return taken === null ? closed : { taken };
}

/** The last pull request of a branch that is not open any more; people may have opened others from it. */
export async function findLast(reader: RepositoryReader, branch: string): Promise<Pull | null> {
  return (await reader.listClosedPulls(branch, RECENT_CLOSED)).find(({ isSluices }) => isSluices) ?? null;
}

/**
 * Why nothing can be opened from a branch, where it ends in a person's commit; null when it can. Else each look would
 * make a commit for it before it finds the branch taken.
 */
async function findTaken(reader: RepositoryReader, branch: string): Promise<string | null> {
  const tip = await reader.readBranch(branch);
  const commit = tip === null ? null : await reader.readCommit(tip);
  if (!commit) return null;
  const { trailers, group } = readPlanned(commit, branch);
  return trailers || group ? null : describeForeignTip(branch, commit);
}

/**
 * The last pull request of the branch, when it carried this very release, or one that came after it: a person closed
 * it, or it merged and somebody has taken the release back since. Either way a person decided against it.
 */
async function findClosed(
  reader: RepositoryReader,
  { application, branch, group, stay }: Decided,
  { release }: Promotion,
  last: Pull,
): Promise<ClosedPull | null> {
  const decidedAgainst = async (
    pull: Pull,
    carried: PromotionTrailers | null,
  ): Promise<ClosedPull | null> => {
    if (carried === null || pull.body.includes(OBSOLETE_MARK)) return null;
    const isSame = carried.fingerprint === release.fingerprint;
    if (!isSame && !stay?.newer?.includes(carried.fingerprint)) return null;
    // A worker that stood still may have deleted the branch from under it.
    const isSaid = pull.isMerged || pull.body.includes(GIVEN_UP_MARK);
    if (!isSaid && (await reader.readCloser(pull.number))?.isSluices) return null;
    return isSame ? pull : { ...pull, newer: carried.release };
  };
  const isOther = (carried: PromotionTrailers | null) =>
    carried?.namedBy !== undefined && carried.fingerprint !== release.fingerprint;
  if (group !== null) {
    const found = await findClosedMember(reader, branch, application, (carried) => !isOther(carried));
    return found && decidedAgainst(found.pull, found.carried);
  }
  if (last.body.includes(OBSOLETE_MARK)) return null;
  const carried = readTrailers(await reader.readCommit(last.headSha), branch);
  if (!isOther(carried)) return decidedAgainst(last, carried);
  // One that was named came out of turn, and says nothing of what is due.
  for (const pull of await reader.listClosedPulls(branch, RECENT_CLOSED)) {
    const before = pull.isSluices ? readTrailers(await reader.readCommit(pull.headSha), branch) : null;
    if (before && !isOther(before)) return decidedAgainst(pull, before);
  }
  return null;
}
