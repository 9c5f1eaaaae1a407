import fc from 'fast-check';
import { findKeptOut, parseConstraint } from '../../src/domain/constraint.ts';

describe('lets in', () => {
  test.each([
    ['>=1.4 <2', '1.4 v1.4.2 1.9.9 app-1.5.0 1.4.2-alpine 1.10'],
    ['>= 1.4, < 2', '1.4.0'],
    ['^1.4', '1.4.0 1.9'],
    ['^0.3.1', '0.3.9'],
    ['~1.4.2', '1.4.2 1.4.99'],
    ['~1', '1.99.0'],
    ['=1.4.2', '1.4.2 v1.4.2'],
    ['1.4.2', '1.4.2'],
    ['1.4.*', '1.4.2 1.4.2-rc1'],
    ['1.x', '1.4.2'],
    ['!*-rc*', 'v1.4.2 main-42'],
    ['>=1.4 !1.5.*', '1.4.1 1.6.0'],
    ['<1 || >=2', '0.9 2.0.0'],
    ['>=175', '175 v176 build-1000'],
    ['>=2024.06 <2025', '2024.06.1 2024-12-31 2024.07'],
    ['>=1.4.0-0', '1.4.0-rc.1 1.5.0-alpha'],
    ['>=1.4.0-rc.2', '1.4.0-rc.10'],
  ])('%s: %s', (constraint, versions) => {
    for (const version of versions.split(' '))
      expect([version, findKeptOut(version, constraint)]).toEqual([version, null]);
  });
});

describe('keeps out, with a reason', () => {
  test.each([
    ['>=1.4 <2', '1.3.9', 'does not match'],
    ['>=1.4 <2', '2.0.0', 'does not match'],
    ['>=1.4 <2', '2.0.0-rc1', 'pre-release'],
    ['>=1.4 <2', '1.5.0-rc1', 'pre-release'],
    ['>=1.4', 'latest', 'cannot be compared'],
    ['>=1.4', '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d', 'cannot be compared'],
    ['>=1.4', '175', 'cannot be compared'],
    ['>=app-1.4', 'web-1.5', 'cannot be compared'],
    ['^0.3.1', '0.4.0', 'does not match'],
    ['~1.4.2', '1.5.0', 'does not match'],
    ['!*-rc*', 'v1.4.2-rc1', 'does not match'],
    ['1.4.*', '1.5.0', 'does not match'],
    ['a*a', 'a', 'does not match'],
    ['>2024.06', '2024.06', 'does not match'],
  ])('%s: %s (%s)', (constraint, version, reason) => {
    expect(findKeptOut(version, constraint)).toContain(reason);
  });
});

test.each([
  ['', 'empty'],
  ['>=1 ||', 'empty'],
  ['>=', 'names no version'],
  ['>=latest', 'no version that has an order'],
  ['!>=1', '! before a bound'],
  ['>=1.*', 'a bound and a wildcard'],
  ['^release-7', 'needs a version'],
  ['a*b*c*d*e*f*g', 'wildcards'],
  [Array.from({ length: 21 }, (_, index) => `>${index}`).join(' '), 'conditions'],
])('%j is no constraint: %s', (text, reason) => {
  expect(parseConstraint(text)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  expect(findKeptOut('1.0.0', text)).toContain('cannot be read');
});

test('a bound and its opposite never both let a version in', () => {
  const version = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30)).map((numbers) => numbers.join('.'));
  fc.assert(
    fc.property(version, version, (one, other) => {
      expect(
        [findKeptOut(one, `>=${other}`), findKeptOut(one, `<${other}`)].filter((each) => each === null),
      ).toHaveLength(1);
    }),
  );
});

test('hostile texts are read in no time', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 300 }), (constraint, version) => {
      const reason = findKeptOut(version, constraint);
      expect(reason === null || reason.length > 0).toBe(true);
    }),
  );
  expect(findKeptOut('a'.repeat(100_000), '*a*a*a*a*b')).toBe('it does not match');
});
