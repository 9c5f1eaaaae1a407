import { PROMOTION_BRANCHES } from '../../domain/branch-name.ts';
import type { ReportedHeads } from '../occasion.ts';
import { orUnreadable, splitUnreadable } from '../or-unknown.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { isReported, rememberReported } from '../reported-heads.ts';
import type { Decided, EndedBranch, Unreadable } from '../snapshot.ts';
import { OBSOLETE_MARK, readPlanned } from './observe-pulls.ts';

/** Looked at in one sweep; the next one finds the others. */
const MOST_LEFT = 50;

interface Leftovers {
  ended: EndedBranch[];
  unreadable: Unreadable[];
}

/**
 * Promotion branches without a pull request: a process died after it merged or closed one, or before it opened one. Only
 * what Sluice made and nobody built upon is given up, and never what a person closed, who may open it again; a branch that
 * the next promotion takes over stays for it.
 */
export async function observeLeftovers(
  reader: RepositoryReader,
  open: readonly Pull[],
  decided: readonly Decided[],
  reported: ReportedHeads,
): Promise<Leftovers> {
  const listed = await orUnreadable(null, async () => ({
    refs: await reader.listBranches(PROMOTION_BRANCHES),
  }));
  if ('reason' in listed) return { ended: [], unreadable: [listed] };
  const used = new Set([
    ...open.filter(({ isFromFork }) => !isFromFork).map(({ branch }) => branch),
    ...decided.filter(({ promotion }) => promotion !== null).map(({ branch }) => branch),
  ]);
  const left = listed.refs
    .filter(({ branch }) => !used.has(branch))
    .filter(({ branch, headSha }) => !isReported(reported, reader.fullName, headSha, keptMark(branch)))
    .slice(0, MOST_LEFT);
  const read = await Promise.all(
    left.map((each) => orUnreadable(null, async () => ({ each, isEnded: await hasEnded(reader, each) }))),
  );
  const { found, unreadable } = splitUnreadable(read);
  for (const { each, isEnded } of found) {
    if (!isEnded) rememberReported(reported, reader.fullName, each.headSha, keptMark(each.branch));
  }
  return { ended: found.filter(({ isEnded }) => isEnded).map(({ each }) => each), unreadable };
}

/** Whether nobody needs a branch that no open pull request has. */
async function hasEnded(reader: RepositoryReader, { branch, headSha }: EndedBranch): Promise<boolean> {
  const [last] = await reader.listClosedPulls(branch, 1);
  if (last?.headSha === headSha)
    return last.isSluices && (last.isMerged || last.body.includes(OBSOLETE_MARK));
  // A head that no pull request had: Sluice made it for one that never came to be, or somebody else did.
  const { trailers, group } = readPlanned(await reader.readCommit(headSha), branch);
  return trailers !== null || group !== null;
}

/** It need not be asked about again. */
function keptMark(branch: string): string {
  return `kept:${branch}`;
}
