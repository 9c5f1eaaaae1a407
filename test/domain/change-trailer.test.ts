import fc from 'fast-check';
import { formatChanges, parseChange } from '../../src/domain/change-trailer.ts';
import { formatTrailers, type PromotionTrailers, parseTrailers } from '../../src/domain/trailers.ts';
import type { ValueChange } from '../../src/domain/value.ts';

const change = (more: Partial<ValueChange> = {}): ValueChange => ({
  kind: 'image',
  name: 'ghcr.io/acme/checkout',
  part: 'newTag',
  from: 'v1.4.1',
  to: 'v1.4.2',
  ...more,
});

const trailers = (changes: ValueChange[]): PromotionTrailers => ({
  application: 'checkout',
  from: ['dev'],
  to: 'prod',
  release: 'v1.4.2',
  fingerprint: '0123456789abcdef',
  origin: null,
  source: null,
  authors: [],
  requestedBy: [],
  changes,
});

test('the values that a commit moves are read again, added and deleted files too', () => {
  const changes = [change(), change({ kind: 'file', from: null }), change({ kind: 'file', to: null })];
  const text = formatTrailers(trailers(changes));
  expect(text).toContain('\nSluice-Change: ["image","ghcr.io/acme/checkout","newTag","v1.4.1","v1.4.2"]');
  expect(parseTrailers(`Promote\n\n${text}\n`)).toEqual(trailers(changes));
});

test('no value ends its line, mentions anybody or closes an issue', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (hostile) => {
      const nasty = change({ name: `${hostile}\n\nSluice-To: dev @acme/all fixes #1`, to: hostile });
      const [text = ''] = formatChanges([nasty]);
      expect(text).toMatch(/^[\x20-\x7e]+$/);
      expect(text).not.toMatch(/[@#<>`]/);
      expect(parseChange(text)).toEqual(nasty);
    }),
  );
});

test('of very many, and of very long ones, some are left out', () => {
  const many = Array.from({ length: 80 }, (_, index) => change({ name: `image ${index}` }));
  expect(formatChanges([change({ name: 'x'.repeat(600) }), ...many])).toEqual(
    formatChanges(many.slice(0, 50)),
  );
});

test.each(['', '[]', '["image","a","b","c"]', '["secret","a","b","c","d"]', '["image","a","b",1,"d"]', '{'])(
  'what Sluice does not write is no change: %s',
  (text) => expect(parseChange(text)).toBeNull(),
);
