import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { isPromotionBranch, promotionBranch } from '../../src/domain/branch-name.ts';

const HOSTILE = [
  '..',
  '.',
  '@',
  '@{',
  '~',
  '^',
  ':',
  '?',
  '*',
  '[',
  '\\',
  ' ',
  '.lock',
  '/',
  '-',
  '+2E',
  '\u007f',
];
const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
  fc
    .array(fc.constantFrom(...HOSTILE, 'a', 'é', '界'), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join('')),
);

test('reads like what it is for', () => {
  expect(promotionBranch('checkout', 'prod-eu')).toBe('sluice/checkout/prod-eu');
  expect(promotionBranch('api.v2', 'prod')).toBe('sluice/api.v2/prod');
  expect(isPromotionBranch(promotionBranch('checkout', 'dev'))).toBe(true);
  expect(isPromotionBranch('feature/sluice/checkout')).toBe(false);
});

test('the longest names that a file system has fit, and stay apart', () => {
  const branches = ['x'.repeat(255), 'x'.repeat(254), '界'.repeat(85), `${'界'.repeat(84)}x`].map((long) =>
    promotionBranch(long, 'prod'),
  );
  expect(new Set(branches).size).toBe(4);
  for (const branch of branches) {
    expect(Math.max(...branch.split('/').map((part) => part.length))).toBeLessThan(200);
    execFileSync('git', ['check-ref-format', `refs/heads/${branch}`]);
  }
});

test('git takes every name', () => {
  fc.assert(
    fc.property(name, name, (application, environment) => {
      const branch = promotionBranch(application, environment);
      expect(execFileSync('git', ['check-ref-format', '--branch', branch], { encoding: 'utf8' }).trim()).toBe(
        branch,
      );
    }),
    { numRuns: 80 },
  );
});

test('two targets never share a branch, and none is the folder of another', () => {
  fc.assert(
    fc.property(name, name, name, name, (a, b, c, d) => {
      fc.pre(a !== c || b !== d);
      const [one, other] = [promotionBranch(a, b), promotionBranch(c, d)];
      expect(one).not.toBe(other);
      expect(`${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)).toBe(false);
    }),
    {
      numRuns: 500,
      examples: [
        ['a.b', 'x', 'a+2Eb', 'x'],
        ['a/b', 'c', 'a', 'b/c'],
        ['a.lock', 'x', 'a+2Elock', 'x'],
      ],
    },
  );
});
