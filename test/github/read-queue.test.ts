import { makeQueueReader } from '../../src/github/read-queue.ts';
import { closeWire, makeContext, openWire, type Wire } from './support.ts';

let wire: Wire;
beforeEach(() => {
  wire = openWire();
});
afterEach(closeWire);

const [ONE, OTHER, BASE] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

const reader = () => makeQueueReader(makeContext());

test('the branches of a queue come in one call', async () => {
  const branch = `gh-readonly-queue/main/pr-7-${BASE}`;
  const request = 'GET /repos/acme/gitops/git/matching-refs/heads/gh-readonly-queue/main';
  wire.expect([{ request, reply: [{ ref: `refs/heads/${branch}`, object: { sha: ONE, type: 'commit' } }] }]);
  expect(await reader().listQueueBranches('main')).toEqual([{ branch, sha: ONE }]);
});

test('a repository without a queue has none', async () => {
  wire.expect([
    { request: 'GET /repos/acme/gitops/git/matching-refs/heads/gh-readonly-queue/main', reply: [] },
  ]);
  expect(await reader().listQueueBranches('main')).toEqual([]);
});

test('where two lines of commits parted is asked once', async () => {
  const request = `GET /repos/acme/gitops/compare/${ONE}...${OTHER}?page=2&per_page=1`;
  wire.expect([{ request, reply: { merge_base_commit: { sha: BASE } } }]);
  const { readMergeBase } = reader();
  expect([await readMergeBase(ONE, OTHER), await readMergeBase(ONE, OTHER)]).toEqual([BASE, BASE]);
  expect(await readMergeBase(ONE, ONE)).toBe(ONE);
  expect(wire.seen).toHaveLength(1);
});

test('the commits that a head has more are read page by page, and not without end', async () => {
  const commit = { sha: ONE, parents: [{ sha: BASE }], author: { login: 'dan' } };
  const found = { sha: ONE, parents: [BASE], authorLogin: 'dan' };
  const page = (number: number, count: number, total: number) => ({
    request: `GET /repos/acme/gitops/compare/${BASE}...${OTHER}?page=${number}&per_page=100`,
    reply: { total_commits: total, commits: Array.from({ length: count }, () => commit) },
  });
  wire.expect([page(1, 100, 101), page(2, 1, 101)]);
  expect(await reader().listAhead(BASE, OTHER)).toEqual(Array.from({ length: 101 }, () => found));
  wire.expect([1, 2, 3, 4, 5].map((number) => page(number, 100, 501)));
  expect(await reader().listAhead(BASE, OTHER)).toBeNull();
});
