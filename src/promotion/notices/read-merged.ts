import { isPromotionBranch } from '../../domain/branch-name.ts';
import { kindOf } from '../../domain/kind-of-promotion.ts';
import { readPlanned } from '../observe/observe-pulls.ts';
import type { Notice } from '../ports/notify.ts';
import type { PullDetail } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { NEWS_MS } from './list-notices.ts';

/**
 * What has merged, of pull requests that were said to have ended. Their heads were read while they were open; one that
 * was not is one call. A head that Sluice did not make is looked through to the one before it.
 */
export async function readMerged(
  reader: Pick<RepositoryReader, 'readCommit'>,
  branch: string,
  ended: readonly PullDetail[],
  nowMs: number,
): Promise<Notice[]> {
  const notices: Notice[] = [];
  for (const pull of ended) {
    const isOurs = pull.isMerged && pull.isSluices && isPromotionBranch(pull.branch) && pull.base === branch;
    if (!isOurs || pull.mergedAt === null || Date.parse(pull.mergedAt) <= nowMs - NEWS_MS) continue;
    notices.push(...(await readOne(reader, pull)));
  }
  return notices;
}

async function readOne(reader: Pick<RepositoryReader, 'readCommit'>, pull: PullDetail): Promise<Notice[]> {
  const head = await reader.readCommit(pull.headSha);
  const before = head.isSluices ? undefined : head.parents[0];
  const { trailers, group } = readPlanned(before ? await reader.readCommit(before) : head, pull.branch);
  const carried = group?.members ?? (trailers ? [trailers] : []);
  return carried.map((each) => {
    const { application, to, from, release } = each;
    const event = kindOf(each) === 'rollback' ? 'rolled-back' : 'merged';
    return {
      key: JSON.stringify([event, pull.number, application, to]),
      event,
      application,
      environment: to,
      from,
      release,
      pull: { number: pull.number, url: pull.url },
      by: pull.mergedBy,
      reason: null,
    };
  });
}
