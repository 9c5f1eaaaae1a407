import { isPromotionBranch, promotionBranch } from '../domain/branch-name.ts';
import { type PromotionTrailers, parseTrailers } from '../domain/trailers.ts';
import type { Commit, OwnCheck, Pull, RepositoryReader } from './ports.ts';
import type { Base } from './snapshot.ts';

export const GATES_CHECK = 'sluice/gates';

/** An open pull request of Sluice, before its gates are looked at. */
export interface FoundPromotion {
  pull: Pull;
  head: Commit;
  /** Null when the head is not a commit that Sluice planned for this branch. */
  trailers: PromotionTrailers | null;
  /** Null while GitHub computes it. */
  mergeable: boolean | null;
}

/**
 * Sorts the open pull requests into promotions and others. A promotion is what the App itself wrote, from a branch of
 * this repository; marks in a text prove nothing, since anybody can copy them.
 */
export async function observePulls(
  reader: RepositoryReader,
  base: Base,
  open: readonly Pull[],
): Promise<{ promotions: FoundPromotion[]; others: Pull[] }> {
  const pulls = open.filter((pull) => pull.base === base.branch);
  const own = pulls.filter((pull) => pull.isSluices && isPromotionBranch(pull.branch));
  const promotions = await Promise.all(own.map((pull) => readPromotion(reader, base, pull)));
  return { promotions, others: pulls.filter((pull) => !own.includes(pull)) };
}

async function readPromotion(reader: RepositoryReader, base: Base, pull: Pull): Promise<FoundPromotion> {
  const head = await reader.readCommit(pull.headSha);
  const onBase = head.parents.at(-1) === base.commit.sha;
  // On the present base there is nothing to conflict with, and nothing to ask.
  const mergeable = onBase ? true : ((await reader.readPull(pull.number))?.mergeable ?? null);
  return { pull, head, trailers: readTrailers(head, pull.branch), mergeable };
}

/** What a head says of itself, when the App made it for this very branch. */
export function readTrailers(head: Commit, branch: string): PromotionTrailers | null {
  const trailers = head.isSluices ? parseTrailers(head.message) : null;
  return trailers && promotionBranch(trailers.application, trailers.to) === branch ? trailers : null;
}

/**
 * Whether the App has reported on this head as this promotion's. Nobody else can make a check run of the App's, so
 * this proves what trailers claim.
 */
export function isAttested({ pull, trailers }: FoundPromotion, own: readonly OwnCheck[]): boolean {
  const mark = trailers && promotionMark(pull.branch, trailers.fingerprint);
  return own.some(({ name, externalId }) => name === GATES_CHECK && externalId === mark);
}

const PROMOTION = 'promotion:';

/** What tells the check run of a promotion from that of any other pull request. */
export function promotionMark(branch: string, fingerprint: string): string {
  return `${PROMOTION}${branch}:${fingerprint}`;
}

export function findGatesCheck(own: readonly OwnCheck[]): OwnCheck | null {
  return own.find(({ name }) => name === GATES_CHECK) ?? null;
}
