import type { ReviewFact } from '../domain/gates/facts.ts';
import { kindOf } from '../domain/kind-of-promotion.ts';
import type { PromotionTrailers } from '../domain/trailers.ts';
import { GIVEN_UP_MARK, OBSOLETE_MARK } from '../promotion/observe/observe-pulls.ts';
import { parseTrace } from '../promotion/plan/parse-trace.ts';
import type { SeenPull } from '../promotion/ports/history.ts';
import type { PullDetail } from '../promotion/ports/pulls.ts';
import type { PromotionRecord } from './record.ts';

type Releases = PromotionRecord['releases'];
type Records = readonly PromotionRecord[];

const NOT_ENDED = { mergedAt: null, mergedBy: null, mergeCommitSha: null, closedAt: null, closedBy: null };

/**
 * The records of one pull request after it was seen, from those of before. The same steps make the history while it
 * happens and when it is made again, so that both come to the same.
 */
export function seePull(before: Records, repository: string, seen: SeenPull): PromotionRecord[] {
  const { pull, carried } = seen;
  if (!carried) return before.map((each) => (each.outcome === 'left' ? each : reopen(each, pull.headSha)));
  const isCarried = (each: PromotionRecord) =>
    carried.some(({ application, to }) => application === each.application && to === each.environment);
  return [
    ...before.filter((each) => !isCarried(each)).map(leave),
    ...carried.map((trailers) => {
      const known = before.find(
        ({ application, environment }) => application === trailers.application && environment === trailers.to,
      );
      return seePromotion(known ?? null, repository, seen, trailers);
    }),
  ];
}

function reopen(record: PromotionRecord, headSha: string): PromotionRecord {
  return { ...record, ...NOT_ENDED, outcome: 'open', headSha };
}

/** What had been approved there was not promoted. */
function leave(record: PromotionRecord): PromotionRecord {
  return { ...record, ...NOT_ENDED, outcome: 'left', approvals: [] };
}

function seePromotion(
  known: PromotionRecord | null,
  repository: string,
  { pull, head, group, trace, reviews }: SeenPull,
  trailers: PromotionTrailers,
): PromotionRecord {
  const { application, to, from, release, fingerprint, origin, source, authors, requestedBy } = trailers;
  const sameHead = known?.headSha === pull.headSha ? known : null;
  const at = head.isSluices ? timeOf(head.committedAt) : null;
  return {
    repository,
    pull: pull.number,
    application,
    environment: to,
    kind: kindOf(trailers),
    from: [...from],
    group,
    url: pull.url,
    branch: pull.branch,
    release,
    fingerprint,
    changes: trailers.changes?.map((each) => ({ ...each })) ?? null,
    origin,
    source,
    authors: [...authors],
    requestedBy: [...requestedBy],
    releases: addRelease(known?.releases ?? [], { release, fingerprint, headSha: head.sha, at }),
    headSha: pull.headSha,
    openedAt: timeOf(pull.createdAt),
    approvals: reviews ? toApprovals(reviews) : (known?.approvals ?? null),
    gates: trace === null ? (sameHead?.gates ?? null) : gatesOf(trace, application),
    outcome: 'open',
    ...NOT_ENDED,
  };
}

/** A head that was made anew for the same release brings nothing new. */
function addRelease(before: Releases, next: Releases[number]): Releases {
  return before.at(-1)?.fingerprint === next.fingerprint ? before : [...before, next];
}

/** A dismissed approval is none any more. */
function toApprovals(reviews: readonly ReviewFact[]): NonNullable<PromotionRecord['approvals']> {
  return reviews
    .filter(({ state }) => state === 'approved')
    .map(({ reviewer, sha, atMs }) => ({
      by: reviewer,
      at: atMs === undefined ? null : new Date(atMs).toISOString(),
      headSha: sha,
    }));
}

/** Those of the group's other applications left out. */
function gatesOf(trace: string, wanted: string): PromotionRecord['gates'] {
  const gates = parseTrace(trace);
  return (
    gates
      ?.filter(({ application = wanted }) => application === wanted)
      .map(({ application: _, ...gate }) => gate) ?? null
  );
}

/** How a pull request ended that is not open any more. */
export interface End {
  pull: PullDetail;
  /** It merged into what is the default branch. */
  hasLanded: boolean;
  /** Null when it merged, or nobody can tell. */
  closer: { login: string; isSluices: boolean } | null;
}

/** The records of one pull request after its end. What had left it before stays as it was. */
export function endPull(before: Records, { pull, hasLanded, closer }: End): PromotionRecord[] {
  const isGivenUp = pull.body.includes(GIVEN_UP_MARK);
  const isObsolete = !isGivenUp && (closer ? closer.isSluices : pull.body.includes(OBSOLETE_MARK));
  const end: Partial<PromotionRecord> = hasLanded
    ? {
        outcome: 'merged',
        mergedAt: pull.mergedAt && timeOf(pull.mergedAt),
        mergedBy: pull.mergedBy,
        mergeCommitSha: pull.mergeCommitSha,
      }
    : {
        outcome: isObsolete ? 'obsolete' : 'closed',
        closedAt: pull.closedAt && timeOf(pull.closedAt),
        closedBy: closer?.login ?? null,
      };
  return before.map((each) =>
    each.outcome === 'left' ? each : { ...each, ...NOT_ENDED, headSha: pull.headSha, ...end },
  );
}

function timeOf(text: string): string {
  return new Date(text).toISOString();
}
