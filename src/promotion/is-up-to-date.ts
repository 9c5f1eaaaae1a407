import type { Promotion } from '../domain/promotion.ts';
import type { OpenPromotion } from './snapshot.ts';

/** Whether the head is what Sluice planned for the release, and can still be merged. */
export function isUpToDate(
  { trailers, mergeable, isAttested }: OpenPromotion,
  { release }: Promotion,
): boolean {
  return isAttested && trailers?.fingerprint === release.fingerprint && mergeable !== false;
}
