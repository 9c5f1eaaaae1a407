import { isDeepStrictEqual } from 'node:util';
import type { Pull } from '../../promotion/ports/pulls.ts';
import { type PromotionRecord, recordSchema } from '../record.ts';

const timeOf = (text: string | null) => (text === null ? null : new Date(text).toISOString());

/** Where a record tells something else than a list of pull requests, which has no commits, gates or reviews. */
export function compareWithPull(record: PromotionRecord, pull: Pull): string[] {
  const hasMerged = record.outcome === 'merged';
  const isClosed = record.outcome === 'closed' || record.outcome === 'obsolete';
  const known: Partial<PromotionRecord> = {
    branch: pull.branch,
    openedAt: timeOf(pull.createdAt)!,
    ...(record.outcome === 'left' ? {} : { headSha: pull.headSha }),
    ...(hasMerged ? { mergedAt: timeOf(pull.mergedAt), mergeCommitSha: pull.mergeCommitSha } : {}),
    ...(isClosed && !pull.isOpen ? { closedAt: timeOf(pull.closedAt) } : {}),
  };
  const problems = differences(record, known);
  return hasMerged && !pull.isMerged ? [...problems, 'outcome: it has not merged'] : problems;
}

/**
 * Where a record tells something else than GitHub does now. What GitHub forgets (check runs, dismissed reviews) is not
 * held against the record.
 */
export function compareWithRecord(record: PromotionRecord, now: PromotionRecord): string[] {
  const { gates, approvals, repository, url, ...known } = recordSchema.parse(JSON.parse(JSON.stringify(now)));
  const isRenamed = record.repository !== repository;
  return differences(record, {
    ...known,
    ...(isRenamed ? {} : { url }),
    ...(gates === null || record.gates === null ? {} : { gates }),
    ...(approvals === null || record.approvals === null
      ? {}
      : { approvals: withDismissed(record, approvals) }),
  });
}

type Approvals = NonNullable<PromotionRecord['approvals']>;

/** Approvals that GitHub has, and those of the record that may have been dismissed since. */
function withDismissed({ approvals, outcome }: PromotionRecord, now: Approvals): Approvals {
  if (outcome !== 'merged') return now;
  const gone = (approvals ?? []).filter((each) => !now.some((other) => isDeepStrictEqual(each, other)));
  const isNew = now.filter((each) => !(approvals ?? []).some((other) => isDeepStrictEqual(each, other)));
  return gone.length > 0 && isNew.length === 0 ? approvals! : now;
}

function differences(record: PromotionRecord, known: Partial<PromotionRecord>): string[] {
  return (Object.keys(known) as (keyof PromotionRecord)[])
    .filter((key) => !isDeepStrictEqual(record[key], known[key]))
    .map((key) => `${key}: the record has ${show(record[key])}, GitHub has ${show(known[key])}`);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
