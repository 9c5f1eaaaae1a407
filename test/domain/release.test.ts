import fc from 'fast-check';
import { makeRelease, shortValue } from '../../src/domain/release.ts';
import { DIGEST_1, digest, field, file, ref, SHA_1, SHA_2, tag } from './support.ts';

describe('label', () => {
  test.each([
    ['a tag', [tag('v1.4.2')], 'v1.4.2'],
    ['a tag rather than its digest', [digest(DIGEST_1), tag('v1.4.2')], 'v1.4.2'],
    ['a commit by its first digits', [tag(SHA_1), ref(SHA_1)], '1a2b3c4'],
    ['two tags', [tag('v1', 'a'), tag('v2', 'b')], 'v1 + v2'],
    ['equal tags once', [tag('v1', 'a'), tag('v1', 'b')], 'v1'],
    [
      'how many more there are',
      ['a', 'b', 'c', 'd'].map((name, i) => tag(`v${i}`, name)),
      'v0 + v1 + 2 more',
    ],
    ['a digest without a tag', [digest(DIGEST_1)], 'sha256:aaaaaaa'],
    ['a field', [field('1.6.39')], '1.6.39'],
    ['nothing', [], 'nothing'],
  ])('%s', (_, values, label) => expect(makeRelease(values).label).toBe(label));

  test('files have a name of their own, which follows their content', () => {
    const one = makeRelease([file('rules.yaml', SHA_1)]);
    expect(one.label).toMatch(/^files [0-9a-f]{7}$/);
    expect(makeRelease([file('rules.yaml', SHA_2)]).label).not.toBe(one.label);
  });

  test('what moves names the release, when it is told', () => {
    const values = [tag('v1', 'a'), tag('v2', 'b')];
    expect(makeRelease(values, [values[1]!]).label).toBe('v2');
  });

  test('is never long', () => {
    expect(makeRelease([tag('x'.repeat(128), 'a'), tag('y'.repeat(128), 'b')]).label).toHaveLength(60);
  });
});

test('the fingerprint does not depend on the order, nor on where the values stand', () => {
  const moved = { ...tag('v1', 'a'), occurrences: [{ path: 'z', line: 99, document: 1, address: [] }] };
  const one = makeRelease([tag('v1', 'a'), tag('v2', 'b')]);
  const other = makeRelease([tag('v2', 'b'), moved]);
  expect(other).toEqual(one);
  expect(one.fingerprint).toMatch(/^[0-9a-f]{16}$/);
});

test('the fingerprint tells apart what differs, however names and values are cut', () => {
  const text = fc.string({ maxLength: 4, unit: fc.constantFrom('a', ' ', '"', ',') });
  const value = fc.record({ name: text, value: text });
  const release = (values: { name: string; value: string }[]) =>
    makeRelease(values.map((each) => tag(each.value, each.name)));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), fc.array(value, { maxLength: 3 }), (a, b) => {
      const [one, other] = [release(a), release(b)];
      const isEqual = JSON.stringify(one.values) === JSON.stringify(other.values);
      expect(one.fingerprint === other.fingerprint).toBe(isEqual);
    }),
  );
});

test.each([
  [SHA_1, '1a2b3c4'],
  [DIGEST_1, 'sha256:aaaaaaa'],
  ['v1.4.2', 'v1.4.2'],
  ['release_1367', 'release_1367'],
])('people say %s as %s', (value, short) => expect(shortValue(value)).toBe(short));
