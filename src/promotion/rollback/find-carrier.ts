import type { TargetId } from '../../domain/target.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import { type HeldValues, valueKey } from '../../domain/value.ts';
import { isBranchUpdate } from '../observe/observe-branch-update.ts';
import { readMember } from '../observe/observe-pulls.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';

/** The promotion that brought a release. */
export interface Carrier {
  pull: Pull;
  trailers: PromotionTrailers;
}

/** The last merged promotion to a target, among pull requests of its branch, newest first, when the target holds it. */
export async function findCarrier(
  reader: Pick<RepositoryReader, 'readCommit'>,
  closed: readonly Pull[],
  target: TargetId & { held: HeldValues },
): Promise<Carrier | null> {
  for (const pull of closed.filter(({ isSluices, isMerged }) => isSluices && isMerged)) {
    const head = await reader.readCommit(pull.headSha);
    // Of a head of the button "Update branch", the values that are held tell what it brought.
    const trailers =
      readMember(head, pull.branch, target.application) ??
      (isBranchUpdate(head)
        ? readMember(await reader.readCommit(head.parents[0]!), pull.branch, target.application)
        : null);
    if (trailers?.to === target.environment) return isHeld(trailers, target.held) ? { pull, trailers } : null;
  }
  return null;
}

/** Commits from before the changes were kept tell too little. */
function isHeld({ changes = [] }: PromotionTrailers, { values }: HeldValues): boolean {
  const held = new Map(values.map((value) => [valueKey(value), value.value]));
  return changes.length > 0 && changes.every((change) => (held.get(valueKey(change)) ?? null) === change.to);
}
