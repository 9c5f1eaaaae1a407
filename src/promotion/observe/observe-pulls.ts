import { groupBranch, isPromotionBranch, promotionBranch } from '../../domain/branch-name.ts';
import { type GroupTrailers, parseGroupTrailers } from '../../domain/group-trailers.ts';
import { type PromotionTrailers, parseTrailers } from '../../domain/trailers.ts';
import { orUnreadable, splitUnreadable } from '../or-unknown.ts';
import type { OwnCheck } from '../ports/checks.ts';
import type { Commit } from '../ports/git.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, FoundPromotion, Unreadable } from '../snapshot.ts';

export const GATES_CHECK = 'sluice/gates';

/** The open pull requests of a repository, sorted. */
export interface SortedPulls {
  promotions: FoundPromotion[];
  others: Pull[];
  /** Pull requests that are no promotions and stand on a branch of one. */
  occupying: Pull[];
  /** Promotions that GitHub did not give whole. */
  unreadable: Unreadable[];
}

/**
 * Sorts the open pull requests into promotions and others. A promotion is what the App itself wrote, from a branch of
 * this repository; marks in a text prove nothing, since anybody can copy them.
 */
export async function observePulls(
  reader: RepositoryReader,
  base: Base,
  open: readonly Pull[],
): Promise<SortedPulls> {
  const pulls = open.filter((pull) => pull.base === base.branch);
  const own = pulls.filter((pull) => pull.isSluices && isPromotionBranch(pull.branch));
  const read = await Promise.all(
    own.map(async (pull) => orUnreadable(pull, () => readPromotion(reader, base, pull))),
  );
  const { found, unreadable } = splitUnreadable(read);
  return {
    promotions: found,
    others: pulls.filter((pull) => !own.includes(pull)),
    occupying: open.filter(
      (pull) => !pull.isFromFork && isPromotionBranch(pull.branch) && !own.includes(pull),
    ),
    unreadable,
  };
}

async function readPromotion(reader: RepositoryReader, base: Base, pull: Pull): Promise<FoundPromotion> {
  const head = await reader.readCommit(pull.headSha);
  const onBase = head.parents.at(-1) === base.commit.sha;
  // On the present base there is nothing to conflict with, and nothing to ask.
  const detail = onBase ? { mergeable: true, isBehind: false } : await reader.readPull(pull.number);
  const { mergeable = null, isBehind = false } = detail ?? {};
  return { pull, head, ...readPlanned(head, pull.branch), mergeable, isBehind };
}

/** What a head says of itself, when the App made it for this very branch. */
export function readTrailers(head: Commit, branch: string): PromotionTrailers | null {
  const trailers = head.isSluices ? parseTrailers(head.message) : null;
  return trailers && promotionBranch(trailers.application, trailers.to) === branch ? trailers : null;
}

/** What a head that carries a group says of itself, when the App made it for this very branch. */
function readGroup(head: Commit, branch: string): GroupTrailers | null {
  const group = head.isSluices ? parseGroupTrailers(head.message) : null;
  return group && groupBranch(group.group, group.to) === branch ? group : null;
}

/** Why a branch of Sluice's is left alone, and what to do. */
export function describeForeignTip(branch: string, { sha, authorLogin, authorName }: Commit): string {
  return `the branch ${branch} ends in ${sha.slice(0, 7)} by ${authorLogin ?? authorName}, which Sluice did not make; delete the branch, and Sluice opens the promotion`;
}

/** What a head says of itself, of one application or of a group; both null when the App did not make it for this branch. */
export function readPlanned(head: Commit, branch: string): Pick<FoundPromotion, 'trailers' | 'group'> {
  return { trailers: readTrailers(head, branch), group: readGroup(head, branch) };
}

/** What a head says of one application, whether it carries that alone or with others. */
export function readMember(head: Commit, branch: string, application: string): PromotionTrailers | null {
  const { trailers, group } = readPlanned(head, branch);
  return (
    [...(trailers ? [trailers] : []), ...(group?.members ?? [])].find(
      (each) => each.application === application,
    ) ?? null
  );
}

/**
 * Whether the App has reported on this head as this promotion's. Nobody else can make a check run of the App's, so
 * this proves what trailers claim.
 */
export function isAttested(
  { pull, trailers, group }: Pick<FoundPromotion, 'pull' | 'trailers' | 'group'>,
  own: readonly OwnCheck[],
): boolean {
  const carried = group ?? trailers;
  const mark = carried && promotionMark(pull.branch, carried.fingerprint);
  return own.some(({ name, externalId }) => name === GATES_CHECK && externalId === mark);
}

/** What tells the check run of a promotion from that of any other pull request: it attests the head. */
export function promotionMark(branch: string, fingerprint: string): string {
  return `promotion:${branch}:${fingerprint}`;
}

/** In the text of a pull request that Sluice closed: nobody decided against what it carried. */
export const OBSOLETE_MARK = '<!-- sluice:obsolete -->';

/** In the text of a pull request that Sluice closed because a person said so. */
export const GIVEN_UP_MARK = '<!-- sluice:given-up -->';

/** The mark of a check run that holds back a head without attesting it. */
export function heldMark(branch: string, why: 'foreign' | 'stray' | 'unreadable'): string {
  return `held:${branch}:${why}`;
}

/** The check run that shows what a promotion changes in the cluster. Nothing waits for it. */
export const DIFF_CHECK = 'sluice/diff';

/** One rendering for each head: neither it nor what it was made on changes any more. */
export function diffMark(headSha: string): string {
  return `diff:${headSha}`;
}

export function isShown({ pull }: Pick<FoundPromotion, 'pull'>, own: readonly OwnCheck[]): boolean {
  return own.some(({ name, externalId }) => name === DIFF_CHECK && externalId === diffMark(pull.headSha));
}

export function findGatesCheck(own: readonly OwnCheck[]): OwnCheck | null {
  return own.find(({ name }) => name === GATES_CHECK) ?? null;
}
