import type { PromotionTrailers } from '../../domain/trailers.ts';
import { orUnreadable } from '../or-unknown.ts';
import { editGroup } from '../plan/edit-group.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Decided, FoundPromotion, OpenGroup, Unreadable } from '../snapshot.ts';
import type { CandidateContext } from './candidate-context.ts';
import { adoptBranchUpdate } from './observe-branch-update.ts';
import { findGatesCheck, isAttested, isShown, readMember } from './observe-pulls.ts';
import { RECENT_CLOSED } from './share-closed.ts';
import { shareReads } from './share-reads.ts';

/** The pull request of a group, looked at once for all of its members. */
export interface ObservedGroup {
  /** Asks once for what concerns all of them. */
  reader: RepositoryReader;
  found: FoundPromotion | null;
  open: OpenGroup | null;
}

/** The pull requests of the groups that something is decided for, by branch. */
export async function observeGroups(
  context: CandidateContext,
  decided: readonly Decided[],
  promotions: readonly FoundPromotion[],
): Promise<{ groups: Map<string, ObservedGroup>; unreadable: Unreadable[] }> {
  const groups = new Map<string, ObservedGroup>();
  const unreadable: Unreadable[] = [];
  const branches = new Set(decided.filter(({ group }) => group !== null).map(({ branch }) => branch));
  for (const branch of branches) {
    const members = decided.filter((each) => each.branch === branch);
    const found = promotions.find(({ pull }) => pull.branch === branch) ?? null;
    const read = await orUnreadable(found?.pull ?? null, () => observeGroup(context, members, found));
    if ('reason' in read) unreadable.push(read);
    else groups.set(branch, read);
  }
  return { groups, unreadable };
}

async function observeGroup(
  context: CandidateContext,
  members: readonly Decided[],
  promotion: FoundPromotion | null,
): Promise<ObservedGroup> {
  const reader = shareReads(context.reader);
  if (!promotion) return { reader, found: null, open: null };
  const found = await adoptGroupUpdate(context, members, promotion);
  const { own } = await reader.listCheckRuns(found.pull.headSha);
  const { group, trailers: _, ...pull } = found;
  const open: OpenGroup = {
    ...pull,
    trailers: group,
    check: findGatesCheck(own),
    isShown: isShown(found, own),
    isAttested: isAttested(found, own),
  };
  return { reader, found, open };
}

async function adoptGroupUpdate(
  { reader, base, settings, byTarget }: CandidateContext,
  members: readonly Decided[],
  found: FoundPromotion,
): Promise<FoundPromotion> {
  return adoptBranchUpdate(reader, base, found, ({ group }) => {
    const due = (group?.members ?? []).map(
      ({ application }) => members.find((each) => each.application === application)?.promotion ?? null,
    );
    const promotions = due.filter((each) => each !== null);
    if (promotions.length < due.length) return null;
    const { files, refused } = editGroup(base, settings, byTarget, promotions);
    return refused.size > 0 ? null : files;
  });
}

/** What a group's pull request says of one application; null when it does not carry it. */
export function memberOf(found: FoundPromotion | null, application: string): FoundPromotion | null {
  const trailers = found?.group?.members.find((member) => member.application === application);
  return found && trailers ? { ...found, trailers } : null;
}

/**
 * Pull requests of a group that are looked through for an application. Those that it was in last are mostly among the
 * first few; what was closed before the last hundred is forgotten.
 */
const CLOSED_PAGES = [RECENT_CLOSED, 100];

/** The last closed pull request of a group's branch that carried the application; null when none did lately. */
export async function findClosedMember(
  reader: RepositoryReader,
  branch: string,
  application: string,
  isMeant: (carried: PromotionTrailers) => boolean = () => true,
): Promise<{ pull: Pull; carried: PromotionTrailers } | null> {
  let looked = 0;
  for (const most of CLOSED_PAGES) {
    const closed = await reader.listClosedPulls(branch, most);
    for (const pull of closed.slice(looked).filter(({ isSluices }) => isSluices)) {
      const carried = readMember(await reader.readCommit(pull.headSha), branch, application);
      if (carried && isMeant(carried)) return { pull, carried };
    }
    if (closed.length < most) break;
    looked = closed.length;
  }
  return null;
}
