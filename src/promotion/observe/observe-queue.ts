import { isPromotionBranch } from '../../domain/branch-name.ts';
import { parseQueueBranch } from '../../domain/queue-branch.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import type { Occasion, ReportedHeads } from '../occasion.ts';
import { orUnreadable, splitUnreadable } from '../or-unknown.ts';
import type { OwnCheck } from '../ports/checks.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { tellApartTold } from '../reported-heads.ts';
import type { Base, Unreadable } from '../snapshot.ts';
import { findGatesCheck } from './observe-pulls.ts';
import { verifyMerge } from './verify-merge.ts';

const CONCURRENT_GROUPS = 4;

/** A pull request in the merge queue, merged onto what stands before it there. */
export interface QueueGroup {
  pull: Pull;
  headSha: string;
  /** The tip of the default branch, or the head of the group before. */
  baseSha: string;
  /** A file that is not what merging the pull request comes to; null when all are. */
  mismatch: string | null;
  /** What this commit was told before. */
  check: OwnCheck | null;
  /** What the head of the pull request was told; null for a promotion, whose gates are evaluated now. */
  pullCheck: OwnCheck | null;
}

export interface ObservedQueue {
  /** Commit of the default branch; null when there is none. */
  baseSha: string | null;
  groups: QueueGroup[];
  unreadable: Unreadable[];
}

/** No queue was looked at. */
const NOTHING: ObservedQueue = { baseSha: null, groups: [], unreadable: [] };

/**
 * The groups that a merge queue has built. They are looked for when an event or a sweep gives reason to, and then at
 * each look until the queue is empty: a group that has its verdict may lose it. Without a pull request that is open there
 * is nothing for a sweep to find.
 */
export async function observeQueue(
  reader: RepositoryReader,
  base: Base | null,
  pulls: readonly Pull[],
  { queue, lookAt }: Pick<Occasion, 'queue' | 'lookAt'>,
  reported: ReportedHeads,
): Promise<ObservedQueue> {
  const key = `queue of ${reader.fullName}`;
  const isSwept = lookAt.includes('*') && pulls.some(({ base: into }) => into === base?.branch);
  if (!base || !(queue || isSwept || reported.has(key))) return NOTHING;
  const listed = (await reader.listQueueBranches(base.branch)).flatMap(({ branch, sha }) => {
    const named = parseQueueBranch(branch);
    return named?.base === base.branch ? [{ ...named, headSha: sha }] : [];
  });
  if (listed.length > 0) reported.set(key, base.commit.sha);
  else reported.delete(key);
  // A head of its own has a verdict of its own, which must not be replaced by that of another pull request.
  const heads = new Set(pulls.map(({ headSha }) => headSha));
  const found = listed.flatMap((group) => {
    const pull = pulls.find(({ number, base: into }) => number === group.number && into === base.branch);
    return pull && !heads.has(group.headSha) ? [{ ...group, pull }] : [];
  });
  const read = await mapConcurrently(found, CONCURRENT_GROUPS, ({ pull, headSha, baseSha }) =>
    orUnreadable({ ...pull, headSha }, () => readGroup(reader, pull, headSha, baseSha)),
  );
  const { found: groups, unreadable } = splitUnreadable(read);
  const seen = groups.map(({ pull, headSha }) => ({ pull: { ...pull, headSha } }));
  return {
    baseSha: base.commit.sha,
    groups,
    unreadable: tellApartTold(reported, reader.fullName, seen, unreadable),
  };
}

async function readGroup(
  reader: RepositoryReader,
  pull: Pull,
  headSha: string,
  baseSha: string,
): Promise<QueueGroup> {
  const isOwn = pull.isSluices && isPromotionBranch(pull.branch);
  const { base, mismatch } = await findBase(reader, pull, headSha, baseSha);
  const check = findGatesCheck((await reader.listCheckRuns(headSha)).own);
  const pullCheck = isOwn ? null : findGatesCheck((await reader.listCheckRuns(pull.headSha)).own);
  return { pull, headSha, baseSha: base, mismatch, check, pullCheck };
}

/** What the group was merged into: the commit that the branch's name has, or else the first parent. */
async function findBase(
  reader: RepositoryReader,
  pull: Pull,
  mergedSha: string,
  named: string,
): Promise<{ base: string; mismatch: string | null }> {
  const of = { headSha: pull.headSha, mergedSha };
  const mismatch = await verifyMerge(reader, { ...of, baseSha: named });
  const parent = mismatch === null ? undefined : (await reader.readCommit(mergedSha)).parents[0];
  if (parent === undefined || parent === named) return { base: named, mismatch };
  const onParent = await verifyMerge(reader, { ...of, baseSha: parent });
  return onParent === null ? { base: parent, mismatch: null } : { base: named, mismatch };
}
