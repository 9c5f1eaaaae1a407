import { makeObjectCache } from '../../src/github/cache.ts';
import { makeQueueReader } from '../../src/github/read-queue.ts';
import { APP_ID, BOT, closeWire, openWire, QuickOctokit, type Wire } from './support.ts';

let wire: Wire;
beforeEach(() => {
  wire = openWire();
});
afterEach(closeWire);

const [ONE, OTHER, BASE] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

const reader = () =>
  makeQueueReader({
    client: new QuickOctokit(),
    identity: { id: APP_ID, botLogin: BOT },
    owner: 'acme',
    name: 'gitops',
    cache: makeObjectCache(),
    defaultBranch: null,
    onDefaultBranch: () => {},
  });

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
