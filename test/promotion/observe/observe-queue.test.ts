import { observeQueue } from '../../../src/promotion/observe/observe-queue.ts';
import type { ReportedHeads } from '../../../src/promotion/occasion.ts';
import type { RepositoryReader } from '../../../src/promotion/ports/repository.ts';
import { baseOf, pullOf, sha } from '../support.ts';

const base = baseOf([]);
const TIP = base.commit.sha;
const pull = pullOf();
const GROUP = sha('group');
const branchOf = (baseSha: string, number = pull.number) => `gh-readonly-queue/main/pr-${number}-${baseSha}`;

/** Commits with what they hold, and the branches of the queue. Everything has left one line at `origin`. */
function readerOf(
  branches: [string, string][],
  held: Record<string, string>,
  parents: Record<string, string[]> = {},
) {
  const calls: string[] = [];
  const reader = {
    fullName: 'acme/fleet',
    listQueueBranches: async (name: string) => {
      calls.push(name);
      return branches.map(([branch, commit]) => ({ branch, sha: commit }));
    },
    readMergeBase: async () => 'origin',
    readCommit: async (commit: string) => {
      if (!(commit in held)) throw new Error(`GitHub has no ${commit}`);
      return { treeSha: commit, parents: parents[commit] ?? [] };
    },
    readTree: async (commit: string) => [
      { path: 'a', mode: '100644', type: 'blob', sha: sha(held[commit] ?? ''), sizeBytes: 1 },
    ],
    readText: async () => null,
    listCheckRuns: async () => ({ checks: [], own: [] }),
  };
  return { reader: reader as unknown as RepositoryReader, calls };
}

const ASKED = { queue: true, lookAt: [] };
const PLAIN = { lookAt: [] };
const HELD = { origin: '1', [TIP]: '1', [pull.headSha]: '2', [GROUP]: '2' };

test('a queue is looked for when something says so, and then until it is empty', async () => {
  const branches: [string, string][] = [[branchOf(TIP), GROUP]];
  const { reader, calls } = readerOf(branches, HELD);
  const reported: ReportedHeads = new Map();
  const look = async (occasion: Parameters<typeof observeQueue>[3]) =>
    (await observeQueue(reader, base, [pull], occasion, reported)).groups.length;
  expect([await look(PLAIN), calls.length]).toEqual([0, 0]);
  expect([await look({ lookAt: ['acme/checkout'] }), calls.length]).toEqual([0, 0]);
  expect([await look({ lookAt: ['*'] }), calls.length]).toEqual([1, 1]);
  expect([await look(PLAIN), calls.length]).toEqual([1, 2]);
  branches.pop();
  expect([await look(PLAIN), calls.length]).toEqual([0, 3]);
  expect([await look(PLAIN), calls.length]).toEqual([0, 3]);
  expect([await look(ASKED), calls.length]).toEqual([0, 4]);
});

test('a group that holds what its name says is one, and anything else is told', async () => {
  const look = async (held: Record<string, string>) => {
    const { reader } = readerOf([[branchOf(TIP), GROUP]], held);
    return (await observeQueue(reader, base, [pull], ASKED, new Map())).groups[0];
  };
  expect(await look(HELD)).toMatchObject({ pull, headSha: GROUP, baseSha: TIP, mismatch: null });
  expect(await look({ ...HELD, [GROUP]: 'sneaked in' })).toMatchObject({ mismatch: 'a' });
});

test('a base that the name does not tell is found as the first parent', async () => {
  const named = sha('another');
  const held = { ...HELD, [named]: '7' };
  const { reader } = readerOf([[branchOf(named), GROUP]], held, { [GROUP]: [TIP] });
  const { groups } = await observeQueue(reader, base, [pull], ASKED, new Map());
  expect(groups[0]).toMatchObject({ baseSha: TIP, mismatch: null });
});

test.each<[string, string, string]>([
  ['the head of a pull request', branchOf(TIP), pull.headSha],
  ['a pull request that is not open', branchOf(TIP, 99), GROUP],
  ['another base', branchOf(TIP).replace('main', 'release'), GROUP],
  ['no name of a group', 'gh-readonly-queue/main/x', GROUP],
])('a branch with %s is no group', async (_, branch, head) => {
  const { reader } = readerOf([[branch, head]], HELD);
  expect(await observeQueue(reader, base, [pull], ASKED, new Map())).toMatchObject({
    groups: [],
    unreadable: [],
  });
});

test('a group that GitHub does not give whole is unreadable, on its own commit', async () => {
  const { reader } = readerOf([[branchOf(TIP), sha('lost')]], HELD);
  const { groups, unreadable } = await observeQueue(reader, base, [pull], ASKED, new Map());
  expect(groups).toEqual([]);
  expect(unreadable).toMatchObject([{ pull: { number: pull.number, headSha: sha('lost') }, isTold: false }]);
});
