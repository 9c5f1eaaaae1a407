import { promotionMark } from './observe/observe-pulls.ts';
import type { Action } from './plan/plan-types.ts';
import type { OwnCheck } from './ports/checks.ts';
import type { SeenLook, SeenPull } from './ports/history.ts';
import type { Candidate, OpenGroup, OpenPromotion, Snapshot } from './snapshot.ts';

type Seen = Omit<OpenPromotion, 'facts'>;

/** What a look found of promotions, and what it said of them itself; all of it was read anyway. */
export function seePromotions(
  { base, candidates, strays, unreadable, ended }: Snapshot,
  done: readonly Action[],
  isSweep: boolean,
): SeenLook {
  const seen = new Map<number, SeenPull>();
  for (const { openGroup } of candidates) {
    if (openGroup) seen.set(openGroup.pull.number, seePull(fromGroup(openGroup), null, done));
  }
  for (const open of strays) seen.set(open.pull.number, seePull(open, null, done));
  for (const { open } of candidates) {
    if (open) seen.set(open.pull.number, seePull(open, reviewsOf(candidates, open), done));
  }
  return {
    repository: base.repository,
    branch: base.branch,
    seen: [...seen.values()],
    unread: unreadable.flatMap(({ pull }) => pull?.number ?? []),
    ended,
    isSweep,
  };
}

function fromGroup({ trailers, ...open }: OpenGroup): Seen {
  return { ...open, group: trailers, trailers: null };
}

function seePull(open: Seen, reviews: SeenPull['reviews'], done: readonly Action[]): SeenPull {
  const { pull, head, trailers, group, check } = open;
  const planned = group ?? trailers;
  return {
    pull,
    head,
    group: group?.group ?? null,
    carried: group?.members ?? (trailers ? [trailers] : null),
    trace: planned && traceOf(promotionMark(pull.branch, planned.fingerprint), pull.headSha, check, done),
    reviews,
  };
}

/** What the check run with this mark says after the look. */
function traceOf(
  mark: string,
  headSha: string,
  check: OwnCheck | null,
  done: readonly Action[],
): string | null {
  const reports = done.flatMap((action) => (action.kind === 'report-check' ? [action.report] : []));
  const said = reports.findLast((report) => report.headSha === headSha && report.externalId === mark);
  return said?.text ?? (check?.externalId === mark ? check.text : null);
}

/** Reviews are read only for an `approvals` gate, of any of the applications in the pull request. */
function reviewsOf(candidates: readonly Candidate[], { pull }: OpenPromotion): SeenPull['reviews'] {
  for (const { open, environment } of candidates) {
    if (open?.pull.number !== pull.number || !environment.gates.some(({ kind }) => kind === 'approvals'))
      continue;
    if (open.facts.reviews.known) return open.facts.reviews.value;
  }
  return null;
}
