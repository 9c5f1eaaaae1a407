import { formatTrailers, type PromotionTrailers } from '../../../src/domain/trailers.ts';
import { NEWS_MS } from '../../../src/promotion/notices/list-notices.ts';
import { readMerged } from '../../../src/promotion/notices/read-merged.ts';
import type { Commit } from '../../../src/promotion/ports/git.ts';
import type { PullDetail } from '../../../src/promotion/ports/pulls.ts';
import { pullOf, sha } from '../support.ts';

const NOW_MS = Date.parse('2026-03-02T12:00:00Z');

const trailers = (more: Partial<PromotionTrailers> = {}): PromotionTrailers => ({
  application: 'checkout',
  from: ['staging'],
  to: 'prod',
  release: 'v2',
  fingerprint: '0123456789abcdef',
  origin: null,
  source: null,
  authors: [],
  requestedBy: [],
  ...more,
});
const mergedPull = (more: Partial<PullDetail> = {}): PullDetail => ({
  ...pullOf({
    isOpen: false,
    isMerged: true,
    mergedAt: '2026-03-02T11:00:00Z',
    base: 'main',
    headSha: sha('head'),
  }),
  branch: 'sluice/checkout/prod',
  mergeable: null,
  isBehind: false,
  mergedBy: 'ann',
  ...more,
});
const readerOf = (commits: Record<string, Partial<Commit>>) => ({
  readCommit: async (at: string) => ({ sha: at, parents: [], ...commits[at] }) as Commit,
});
const made = (told: PromotionTrailers) => ({
  isSluices: true,
  message: `Promote\n\n${formatTrailers(told)}\n`,
});
const read = (commits: Record<string, Partial<Commit>>, pull: PullDetail) =>
  readMerged(readerOf(commits), 'main', [pull], NOW_MS);

test('what merged is told with who merged it, a rollback as one', async () => {
  expect(await read({ [sha('head')]: made(trailers()) }, mergedPull())).toMatchObject([
    { event: 'merged', application: 'checkout', environment: 'prod', release: 'v2', by: 'ann' },
  ]);
  const back = trailers({ release: 'v1', rollsBack: { fingerprint: 'fedcba9876543210', release: 'v2' } });
  expect(await read({ [sha('head')]: made(back) }, mergedPull())).toMatchObject([
    { event: 'rolled-back', release: 'v1' },
  ]);
});

test("with GitHub's own merge of the base as its head, the one before tells", async () => {
  const commits = {
    [sha('head')]: {
      isSluices: false,
      message: "Merge branch 'main'",
      parents: [sha('before'), sha('main')],
    },
    [sha('before')]: made(trailers()),
  };
  expect(await read(commits, mergedPull())).toMatchObject([{ event: 'merged' }]);
});

test.each([
  ['was closed', { isMerged: false }],
  ['went elsewhere', { base: 'release' }],
  ['is not Sluice’s', { isSluices: false }],
  ['is no news', { mergedAt: new Date(NOW_MS - NEWS_MS).toISOString() }],
] as const)('what %s is not told', async (_, more) => {
  expect(await read({ [sha('head')]: made(trailers()) }, mergedPull(more))).toEqual([]);
});
