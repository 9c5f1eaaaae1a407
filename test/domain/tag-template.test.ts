import fc from 'fast-check';
import { type BuildFacts, fillTemplate } from '../../src/domain/tag-template.ts';
import { DIGEST_1, SHA_1 } from './support.ts';

const facts = (payload: Record<string, unknown> = {}, more: Partial<BuildFacts> = {}): BuildFacts => ({
  sha: SHA_1,
  release: 'v1.4.2',
  payload,
  ...more,
});

test.each([
  ['{sha}', SHA_1],
  ['main-{short_sha}', 'main-1a2b3c4'],
  ['{release}', 'v1.4.2'],
  ['{payload.tag}', 'release_1367'],
  ['{payload.image.digest}', DIGEST_1],
  ['v{payload.number}-{short_sha}', 'v17-1a2b3c4'],
])('%s becomes %s', (template, value) => {
  const payload = { tag: 'release_1367', number: 17, image: { digest: DIGEST_1 } };
  expect(fillTemplate(template, facts(payload))).toBe(value);
});

test.each(['{payload.tag}', '{payload.a.b}', '{branch}', '{payload.}', 'v{payload.list}'])(
  '%s is not told, so there is no tag',
  (template) => expect(fillTemplate(template, facts({ a: 'text', list: ['x'] }))).toBeNull(),
);

test('an event without commit or release gives no tag', () => {
  expect(fillTemplate('{sha}', facts({}, { sha: null }))).toBeNull();
  expect(fillTemplate('{short_sha}', facts({}, { sha: null }))).toBeNull();
  expect(fillTemplate('{release}', facts({}, { release: null }))).toBeNull();
});

test.each(['{payload.__proto__.x}', '{payload.constructor.name}', '{payload.toString}'])(
  '%s reads nothing that the event does not hold itself',
  (template) => expect(fillTemplate(template, facts())).toBeNull(),
);

test.each([
  'v1\nnewTag: evil',
  'v1 # comment',
  '../../etc',
  '"quoted"',
  '@octocat',
  '-v1',
  '.hidden',
  '',
  'v'.repeat(129),
  'v1\u2028',
  '`x`',
  'sha256:short',
])('%j from a payload is refused', (tag) => {
  expect(fillTemplate('{payload.tag}', facts({ tag }))).toBeNull();
});

test('a value is not a template', () => {
  expect(fillTemplate('{payload.tag}', facts({ tag: '{sha}' }))).toBeNull();
  expect(fillTemplate('v{payload.tag}', facts({ tag: '$&' }))).toBeNull();
});

test('whatever a payload holds, the result is a tag, a digest or nothing', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('tag', 'x'), fc.anything()), (payload) => {
      const value = fillTemplate('{payload.tag}', facts(payload));
      expect(value === null || /^[\w][\w.+-]{0,127}$|^sha256:[0-9a-f]{64}$/.test(value)).toBe(true);
    }),
  );
});
