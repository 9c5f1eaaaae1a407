import type { PromotionTrailers } from './trailers.ts';

/** What a promotion is by what its commit says: one that takes a release back says which. */
export function kindOf({ rollsBack }: Pick<PromotionTrailers, 'rollsBack'>): 'promotion' | 'rollback' {
  return rollsBack ? 'rollback' : 'promotion';
}
