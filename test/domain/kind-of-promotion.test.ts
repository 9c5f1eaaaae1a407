import { kindOf } from '../../src/domain/kind-of-promotion.ts';

test('what says which release it takes back is a rollback', () => {
  expect(kindOf({})).toBe('promotion');
  expect(kindOf({ rollsBack: { fingerprint: 'fedcba9876543210', release: 'v2' } })).toBe('rollback');
});
