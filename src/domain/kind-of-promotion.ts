import type { PromotionTrailers } from './trailers.ts';

/** What a promotion is by what its commit says: one that takes a release back says which. */
export function kindOf(trailers: PromotionTrailers): 'promotion' | 'rollback' {
  return 'rollsBack' in trailers && trailers.rollsBack ? 'rollback' : 'promotion';
}
