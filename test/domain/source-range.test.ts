import type { BuildSource } from '../../src/domain/settings.ts';
import { findSourceRange } from '../../src/domain/source-range.ts';
import { readTemplate } from '../../src/domain/tag-template.ts';
import type { ValueChange } from '../../src/domain/value.ts';

const OLD = 'a'.repeat(40);
const NEW = 'b'.repeat(40);

test.each([
  ['{sha}', NEW, NEW],
  ['{short_sha}', 'bbbbbbb', 'bbbbbbb'],
  ['main-{short_sha}-{payload.run}', 'main-bbbbbbb-77', 'bbbbbbb'],
  ['{release}', 'v1.4.2', 'v1.4.2'],
  ['{release}-{short_sha}', 'v1.4.2-bbbbbbb', 'v1.4.2'],
  ['v{payload.version}', 'v1.2', null],
  ['{sha}', 'v1.4.2', null],
  ['a.b-{short_sha}', 'axb-bbbbbbb', null],
  ['{release}', '../../x', null],
  ['{release}', 'a b', null],
])('%s of %s tells %s', (template, tag, told) => expect(readTemplate(template, tag)).toBe(told));

const source: BuildSource = {
  application: 'checkout',
  repository: 'acme/checkout',
  event: { kind: 'release', prereleases: false },
  tag: '{sha}',
  digest: null,
  images: [],
};
const change = (more: Partial<ValueChange> = {}): ValueChange => ({
  kind: 'image',
  name: 'ghcr.io/acme/checkout',
  part: 'newTag',
  from: OLD,
  to: NEW,
  ...more,
});

test('the tags before and after tell the commits of the source', () => {
  expect(findSourceRange([source], 'checkout', [change()])).toEqual({
    repository: 'acme/checkout',
    base: OLD,
    head: NEW,
  });
});

test.each([
  ['another application', 'payments', source, change()],
  ['another image', 'checkout', { ...source, images: ['ghcr.io/acme/web'] }, change()],
  ['what is no tag', 'checkout', source, change({ part: 'digest' })],
  ['a chart', 'checkout', { ...source, tag: '{release}' }, change({ kind: 'chart', part: 'version' })],
  ['a target that held none', 'checkout', source, change({ from: null })],
  ['a tag of another make', 'checkout', source, change({ from: 'v1' })],
  ['the same commit', 'checkout', source, change({ from: NEW })],
] as const)('nothing is told of %s', (_, application, of, changed) => {
  expect(findSourceRange([of], application, [changed])).toBeNull();
});
