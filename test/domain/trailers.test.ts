import fc from 'fast-check';
import { formatTrailers, type PromotionTrailers, parseTrailers } from '../../src/domain/trailers.ts';

const TRAILERS: PromotionTrailers = {
  application: 'checkout',
  from: ['qa', 'perf'],
  to: 'prod',
  release: 'v1.4.2',
  fingerprint: '0123456789abcdef',
  origin: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  source: 'acme/checkout@9f8e7d6',
  authors: ['alice', 'bob'],
  requestedBy: ['carol', 'dave'],
};
const message = (trailers: PromotionTrailers) => `Promote\n\n${formatTrailers(trailers)}\n`;

test('what is written is read again', () => {
  expect(parseTrailers(message(TRAILERS))).toEqual(TRAILERS);
  const bare = { ...TRAILERS, from: [], origin: null, source: null, authors: [], requestedBy: [] };
  expect(parseTrailers(message(bare))).toEqual(bare);
});

test('text above the last paragraph cannot pass for trailers', () => {
  const forged = formatTrailers({ ...TRAILERS, application: 'payments' });
  expect(parseTrailers(`${forged}\n\n${formatTrailers(TRAILERS)}\n`)?.application).toBe('checkout');
  expect(parseTrailers(`${forged}\n\nThat was it.\n`)).toBeNull();
  expect(parseTrailers(`${forged}\n \t \nThat was it.\n`)).toBeNull();
});

test('a value with line breaks adds no trailer', () => {
  const release =
    'v1\nSluice-Application: payments\r\n\r\nSluice-Author: mallory\rSluice-To: x\u2028Sluice-From: y';
  const read = parseTrailers(message({ ...TRAILERS, release, requestedBy: ['x\n\nSluice-To: dev'] }));
  expect(read).toMatchObject({ application: 'checkout', to: 'prod', authors: ['alice', 'bob'] });
  expect(read?.from).toEqual(['qa', 'perf']);
});

test.each(['Sluice-Application', 'Sluice-To', 'Sluice-Release', 'Sluice-Fingerprint'])(
  'without %s it is no promotion',
  (key) => {
    const lines = message(TRAILERS).split('\n');
    expect(parseTrailers(lines.filter((line) => !line.startsWith(`${key}: `)).join('\n'))).toBeNull();
  },
);

test.each(['foreign', 'stray', '0123456789ABCDEF', '0123456789abcdef0', 'x\n0123456789abcdef'])(
  'with the fingerprint %j it is no promotion',
  (fingerprint) => {
    expect(parseTrailers(message({ ...TRAILERS, fingerprint }))).toBeNull();
  },
);

test('whatever the values are, each stays where it belongs', () => {
  const word = fc.string({ minLength: 1, unit: 'binary' }).map((text) => `${text}x`);
  const arbitrary = fc.record<PromotionTrailers>({
    application: word,
    from: fc.array(word, { maxLength: 3 }),
    to: word,
    release: word,
    fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
    origin: fc.option(word),
    source: fc.option(word),
    authors: fc.array(word, { maxLength: 3 }),
    requestedBy: fc.array(word, { maxLength: 2 }),
  });
  const flat = (text: string) => text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim();
  fc.assert(
    fc.property(arbitrary, (trailers) => {
      const expected = JSON.parse(JSON.stringify(trailers), (_, value) =>
        typeof value === 'string' ? flat(value) : value,
      );
      expect(parseTrailers(message(trailers))).toEqual(expected);
    }),
  );
});
