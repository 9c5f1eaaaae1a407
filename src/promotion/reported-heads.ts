import { announceMark } from './observe/announce-mark.ts';
import { heldMark } from './observe/observe-pulls.ts';
import type { ReportedHeads } from './occasion.ts';
import { isOtherMark, OTHER_MARK } from './other-mark.ts';
import type { Action } from './plan/plan-types.ts';
import type { Pull } from './ports/pulls.ts';
import type { Unreadable } from './snapshot.ts';

/** More than are open at a time; the rest is asked for again. */
const MOST_HEADS = 50_000;

/** Whether a pull request of somebody else was reported on already. */
export function isReported(
  reported: ReportedHeads,
  repository: string,
  headSha: string,
  mark: string = OTHER_MARK,
): boolean {
  return reported.get(`${repository} ${headSha}`) === mark;
}

/** A head that was found to be reported on, or just was, need not be asked about again. */
export function rememberReported(
  reported: ReportedHeads,
  repository: string,
  headSha: string,
  mark: string = OTHER_MARK,
): void {
  if (reported.size > MOST_HEADS) reported.clear();
  reported.set(`${repository} ${headSha}`, mark);
}

/** Keeps what an action has told GitHub, so that the next look does not tell it again. */
export function rememberAction(reported: ReportedHeads, repository: string, action: Action): void {
  if (action.kind === 'announce-rollback')
    rememberReported(reported, repository, action.mark.fingerprint, announceMark(action.mark));
  if (action.kind !== 'report-check') return;
  const { externalId, headSha } = action.report;
  if (isOtherMark(externalId)) rememberReported(reported, repository, headSha, externalId);
  else if (externalId.startsWith('held:') && externalId.endsWith(':unreadable')) {
    reported.set(`${repository} ${headSha} ${externalId}`, externalId);
  }
}

/**
 * Marks the unreadable heads that were told so already: their check run cannot be read either, and each look would
 * make one more. What was read again is told anew the next time.
 */
export function tellApartTold(
  reported: ReportedHeads,
  repository: string,
  read: readonly { pull: Pull }[],
  unreadable: readonly Unreadable[],
): Unreadable[] {
  const keyOf = ({ headSha, branch }: Pull) => `${repository} ${headSha} ${heldMark(branch, 'unreadable')}`;
  for (const { pull } of read) reported.delete(keyOf(pull));
  return unreadable.map((each) => ({
    ...each,
    isTold: each.pull !== null && reported.has(keyOf(each.pull)),
  }));
}
