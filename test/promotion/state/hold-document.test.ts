import type { Hold } from '../../../src/domain/hold.ts';
import { formatHolds, parseHolds } from '../../../src/promotion/state/hold-document.ts';

const HOLDS: Hold[] = [
  {
    application: 'checkout',
    environment: 'prod',
    untilMs: Date.parse('2026-12-01T09:00:00Z'),
    reason: 'errors "since" v1.4.2\u2028',
    by: 'sam',
    atMs: Date.parse('2026-11-27T16:00:00.123Z'),
    url: 'https://github.example/acme/gitops/issues/1#issuecomment-5',
  },
  {
    application: null,
    environment: 'prod',
    untilMs: null,
    reason: 'the sale',
    by: 'ann',
    atMs: 0,
    url: 'http://localhost:3000/acme/gitops/issues/1',
  },
];

test('what was written is read as it was', () => {
  expect(parseHolds(formatHolds(HOLDS))).toEqual({ known: true, value: HOLDS });
  expect(parseHolds(formatHolds([]))).toEqual({ known: true, value: [] });
});

const written = JSON.parse(formatHolds(HOLDS)) as { version: number; holds: Record<string, unknown>[] };
const withHold = (more: Record<string, unknown>) => ({
  ...written,
  holds: [{ ...written.holds[0], ...more }],
});

test.each<[string, unknown]>([
  ['nothing', ''],
  ['no JSON', '{'],
  ['a list', []],
  ['null', null],
  ['no holds', { version: 1 }],
  ['no version', { holds: [] }],
  ['a later version', { ...written, version: 2 }],
  ['a key that is not known', { ...written, releases: [] }],
  ['a key of a hold that is not known', withHold({ except: 'v2' })],
  ['a hold on everything', withHold({ application: null, environment: null })],
  ['a hold on nothing', withHold({ application: '' })],
  ['an application that is left out', withHold({ application: undefined })],
  ['an end that is no time', withHold({ until: 'tomorrow' })],
  ['an end in milliseconds', withHold({ until: 5 })],
  ['an end that is left out', withHold({ until: undefined })],
  ['a reason that is empty', withHold({ reason: '' })],
  ['an address that is none', withHold({ url: 'javascript:alert(1)' })],
])('%s makes all holds unknown', (_, found) => {
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  expect(parseHolds(text)).toMatchObject({
    known: false,
    reason: expect.stringContaining('it is not what Sluice writes'),
  });
});
