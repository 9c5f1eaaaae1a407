import { kindOf } from '../../src/domain/kind-of-promotion.ts';
import type { PromotionTrailers } from '../../src/domain/trailers.ts';

const trailers: PromotionTrailers = {
  application: 'checkout',
  from: [],
  to: 'prod',
  release: 'v1',
  fingerprint: '0123456789abcdef',
  origin: null,
  source: null,
  authors: [],
  requestedBy: [],
};

test('what says which release it takes back is a rollback', () => {
  expect(kindOf(trailers)).toBe('promotion');
  const back = { ...trailers, rollsBack: { fingerprint: 'fedcba9876543210', release: 'v2' } };
  expect(kindOf(back)).toBe('rollback');
});
