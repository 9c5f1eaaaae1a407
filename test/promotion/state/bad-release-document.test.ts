import { expect, test } from '@jest/globals';
import type { BadRelease } from '../../../src/domain/bad-release.ts';
import { formatBadReleases, parseBadReleases } from '../../../src/promotion/state/bad-release-document.ts';

const BAD: BadRelease[] = [
  {
    application: 'shop/checkout',
    environment: 'prod',
    fingerprint: '0123456789abcdef',
    release: 'v1.4.2',
    by: 'sam',
    reason: 'errors "since" v1.4.2\u2028',
    url: 'https://github.example/acme/gitops/issues/1#issuecomment-5',
    atMs: Date.parse('2026-11-27T16:00:00.123Z'),
    isAutomatic: false,
    pull: 12,
    rollback: {
      release: 'v1.4.1',
      commit: 'a'.repeat(40),
      badCommit: 'b'.repeat(40),
      fromMs: Date.parse('2026-11-20T16:00:00Z'),
      untilMs: null,
    },
  },
];

test('what was written is read as it was', () => {
  expect(parseBadReleases(formatBadReleases(BAD))).toEqual({ known: true, value: BAD });
  expect(parseBadReleases(formatBadReleases([]))).toEqual({ known: true, value: [] });
});

const written = JSON.parse(formatBadReleases(BAD)) as { releases: Record<string, unknown>[] };
const withMark = (more: Record<string, unknown>) => ({
  ...written,
  releases: [{ ...written.releases[0], ...more }],
});

test.each<[string, unknown]>([
  ['nothing', ''],
  ['no JSON', '{'],
  ['no releases', { version: 1 }],
  ['a later version', { ...written, version: 2 }],
  ['a key that is not known', { ...written, holds: [] }],
  ['a key of a mark that is not known', withMark({ except: 'v2' })],
  ['a fingerprint that is none', withMark({ fingerprint: 'v1.4.2' })],
  ['a target that is left out', withMark({ environment: undefined })],
  [
    'a commit that is none',
    withMark({ rollback: { ...(written.releases[0]!.rollback as object), commit: 'main' } }),
  ],
  ['an address that is none', withMark({ url: 'javascript:alert(1)' })],
])('%s makes all of them unknown', (_, found) => {
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  expect(parseBadReleases(text)).toMatchObject({
    known: false,
    reason: expect.stringContaining('it is not what Sluice writes'),
  });
});
