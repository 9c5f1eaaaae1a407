import {
  formatGroupTrailers,
  type GroupTrailers,
  groupFingerprint,
  parseGroupTrailers,
} from '../../src/domain/group-trailers.ts';
import { type PromotionTrailers, parseTrailers } from '../../src/domain/trailers.ts';

const CHECKOUT: PromotionTrailers = {
  application: 'checkout',
  from: ['qa', 'perf'],
  to: 'prod',
  release: 'v1.4.2',
  fingerprint: '0123456789abcdef',
  origin: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  source: null,
  authors: ['alice'],
  requestedBy: ['carol'],
};
const PAYMENTS: PromotionTrailers = {
  ...CHECKOUT,
  application: 'payments/eu',
  from: ['qa'],
  fingerprint: 'fedcba9876543210',
  origin: null,
  authors: [],
  requestedBy: [],
};
const MEMBERS = [CHECKOUT, PAYMENTS];
const GROUP: GroupTrailers = {
  group: 'train',
  to: 'prod',
  fingerprint: groupFingerprint(MEMBERS),
  members: MEMBERS,
  left: [{ application: 'the ledger', fingerprint: '00000000deadbeef' }],
};
const message = (trailers: GroupTrailers) => `Promote\n\n${formatGroupTrailers(trailers)}\n`;

test('what is written is read again, each member with what is its own', () => {
  expect(parseGroupTrailers(message(GROUP))).toEqual(GROUP);
  const alone = { ...GROUP, members: [PAYMENTS], fingerprint: groupFingerprint([PAYMENTS]), left: [] };
  expect(parseGroupTrailers(message(alone))).toEqual(alone);
});

test('the commit of a group is no promotion of one application, and the other way round', () => {
  expect(parseTrailers(message(GROUP))).toBeNull();
  const single = message(GROUP).replace(/^Sluice-Group: .*\n/m, '');
  expect(parseGroupTrailers(single)).toBeNull();
});

test('the fingerprint tells members and releases apart, not their order', () => {
  expect(groupFingerprint([PAYMENTS, CHECKOUT])).toBe(GROUP.fingerprint);
  expect(groupFingerprint([CHECKOUT])).not.toBe(GROUP.fingerprint);
  expect(groupFingerprint([CHECKOUT, { ...PAYMENTS, fingerprint: CHECKOUT.fingerprint }])).not.toBe(
    GROUP.fingerprint,
  );
});

test.each([
  ['a member is missing', (text: string) => text.replace(/Sluice-Application: payments[\s\S]*$/, '')],
  ['a release is another one', (text: string) => text.replace('fedcba9876543210', 'fedcba9876543211')],
  ['a member goes elsewhere', (text: string) => text.replace(/prod(?=\nSluice-Release)/, 'dev')],
  ['a member is not whole', (text: string) => text.replace(/\nSluice-Release: .*/, '')],
  ['it has no members', (text: string) => text.replace(/\nSluice-Application[\s\S]*$/, '')],
  ['text follows', (text: string) => `${text}\nThat was it.\n`],
])('when %s it is no group', (_, change) => {
  const changed = change(message(GROUP));
  expect(changed).not.toBe(message(GROUP));
  expect(parseGroupTrailers(changed)).toBeNull();
});

test('a value with line breaks adds no member', () => {
  const evil = { ...CHECKOUT, release: 'v1\nSluice-Application: admin\nSluice-To: prod' };
  const read = parseGroupTrailers(message({ ...GROUP, members: [evil, PAYMENTS] }));
  expect(read?.members.map(({ application }) => application)).toEqual(['checkout', 'payments/eu']);
});
