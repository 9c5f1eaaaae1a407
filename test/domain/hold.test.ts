import { addHold, covers, type Hold, type HoldTarget, nextExpiryMs } from '../../src/domain/hold.ts';

const target = (application: string | null, environment: string | null): HoldTarget => ({
  application,
  environment,
});
const hold = (more: Partial<Hold> = {}): Hold => ({
  ...target('checkout', 'prod'),
  untilMs: null,
  reason: 'errors',
  by: 'sam',
  atMs: 0,
  url: 'https://github.example/1',
  ...more,
});

test.each([
  [target('checkout', 'prod'), true],
  [target('checkout', null), true],
  [target(null, 'prod'), true],
  [target('checkout', 'qa'), false],
  [target('cart', 'prod'), false],
  [target('cart', null), false],
  [target(null, 'qa'), false],
  [target('Checkout', 'prod'), false],
])('a hold on %j covers checkout in prod: %s', (held, isCovered) => {
  expect(covers(held, target('checkout', 'prod'))).toBe(isCovered);
});

test('what is narrower does not cover what is wider', () => {
  expect(covers(target('checkout', 'prod'), target('checkout', null))).toBe(false);
  expect(covers(target('checkout', 'prod'), target(null, 'prod'))).toBe(false);
});

test('the first end counts, and a hold without one has none', () => {
  expect(nextExpiryMs([hold({ untilMs: 5 }), hold(), hold({ untilMs: 3 })])).toBe(3);
  expect(nextExpiryMs([hold()])).toBeNull();
});

test('a person has one hold on a target; what others hold stays', () => {
  const before = [hold(), hold({ by: 'dan' }), hold({ environment: null })];
  const added = hold({ untilMs: 7 });
  expect(addHold(before, added)).toEqual([before[1], before[2], added]);
});
