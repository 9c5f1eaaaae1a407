import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FoundPromotion } from '../snapshot.ts';
import { readHeads } from './observe-heads.ts';

/**
 * Logins of the people who pressed "Update branch" since the branch began to carry its release. All other heads are
 * Sluice's, which pushed them itself. A merge names its author as the one who made it says, so GitHub's record of
 * pushes counts; most branches have no such merge, and it is not asked for then.
 */
export async function readPushers(
  reader: Pick<RepositoryReader, 'readCommit' | 'readPusher'>,
  promotion: FoundPromotion,
): Promise<Known<readonly string[]>> {
  const { updates } = await readHeads(reader, promotion);
  const pushers = new Set<string>();
  for (const { sha } of updates) {
    const pusher = await reader.readPusher(promotion.pull.branch, sha);
    if (pusher === null)
      return unknown(
        `GitHub does not tell who made ${sha.slice(0, 7)} of this branch, who must not approve; close this pull request, delete its branch and ask for the promotion again`,
      );
    pushers.add(pusher);
  }
  return known([...pushers]);
}
