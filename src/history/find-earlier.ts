import type { PromotionTrailers } from '../domain/trailers.ts';
import type { EarlierPromotion } from '../promotion/ports/history.ts';
import type { PromotionRecord } from './record.ts';

type Carried = Pick<PromotionTrailers, 'to' | 'from' | 'fingerprint' | 'origin'>;

/**
 * Promotions of an application that brought the same release to other environments, the first first: those that its
 * origin leads back to, and those with the same values.
 *
 * @param open pull requests that are open now
 */
export function findEarlier(
  records: readonly PromotionRecord[],
  carried: Carried,
  open: ReadonlySet<number>,
): EarlierPromotion[] {
  const others = records.filter(({ environment }) => environment !== carried.to);
  const merged = others.filter(({ mergedAt }) => mergedAt !== null);
  const same = others.filter((each) => each.fingerprint === carried.fingerprint);
  const found = new Set([
    ...followOrigin(merged, carried.origin),
    ...same.filter((each) => merged.includes(each)),
  ]);
  const newest = new Map<string, PromotionRecord>();
  for (const each of [...found].sort((one, other) => (one.mergedAt! < other.mergedAt! ? -1 : 1)))
    newest.set(each.environment, each);
  for (const each of same.filter((record) => hasJustMerged(record, carried, open)))
    newest.set(each.environment, each);
  return [...newest.values()].map(toEarlier);
}

/** Back from environment to environment. */
function followOrigin(merged: readonly PromotionRecord[], origin: string | null): Set<PromotionRecord> {
  const followed = new Set<PromotionRecord>();
  let sha = origin;
  while (sha !== null) {
    const before: PromotionRecord | undefined = merged.find((each) => each.mergeCommitSha === sha);
    // One that was met leads no further: records may name each other.
    sha = before && !followed.has(before) ? before.origin : null;
    if (before) followed.add(before);
  }
  return followed;
}

/** Its environment holds the release, and it is not open any more: only its end is not written down yet. */
function hasJustMerged(
  { outcome, pull, environment }: PromotionRecord,
  { from }: Carried,
  open: ReadonlySet<number>,
): boolean {
  return outcome === 'open' && !open.has(pull) && from.includes(environment);
}

function toEarlier({ environment, pull, mergedAt, mergedBy, gates }: PromotionRecord): EarlierPromotion {
  return {
    environment,
    pull,
    mergedAt,
    mergedBy,
    gates:
      gates?.map(({ gate, state, override }) => ({ gate, state, overriddenBy: override?.by ?? null })) ??
      null,
  };
}
