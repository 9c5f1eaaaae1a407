import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listSegments, type Segment } from '../../../src/promotion/observe/list-segments.ts';
import type { BranchMove, Commit } from '../../../src/promotion/ports/git.ts';
import { sha } from '../support.ts';

/**
 * Commits `c0`, `c1`, ... each on the one before; those of `touching` touch the folder. Counts what is asked.
 */
function historyOf(touching: readonly number[]) {
  const asked = { listed: 0, compared: [] as string[] };
  const numberOf = (sha: string) => Number(sha.slice(1));
  return {
    asked,
    async listCommits(sha: string, _path: string, limit: number) {
      asked.listed++;
      const upTo = touching.filter((each) => each <= numberOf(sha)).sort((a, b) => b - a);
      return upTo.slice(0, limit).map((each) => `c${each}`);
    },
    async isAncestor(ancestor: string, sha: string) {
      asked.compared.push(`${ancestor} ${sha}`);
      return numberOf(ancestor) <= numberOf(sha);
    },
    async readCommit(sha: string) {
      return { parents: sha === 'c0' ? [] : [`c${numberOf(sha) - 1}`] } as unknown as Commit;
    },
  };
}

/** Moves of the branch to these commits, newest first, one each ten milliseconds. */
function movesTo(...numbers: number[]): BranchMove[] {
  return numbers
    .map((each, index) => ({
      before: `c${numbers[index - 1] ?? 0}`,
      after: `c${each}`,
      atMs: 10 * (index + 1),
      isRewrite: false,
    }))
    .reverse();
}

async function segmentsOf(touching: readonly number[], moves: readonly BranchMove[]): Promise<Segment[]> {
  const segments: Segment[] = [];
  for await (const each of listSegments(historyOf(touching), moves, 'apps/x')) segments.push(each);
  return segments;
}

test('each change of the folder begins a segment, which ends with the next', async () => {
  expect(await segmentsOf([2, 4], movesTo(1, 2, 3, 4, 5))).toEqual([
    { tips: ['c5', 'c4'], fromMs: 40, isAtLatest: false, untilMs: null },
    { tips: ['c3', 'c2'], fromMs: 20, isAtLatest: false, untilMs: 40 },
    { tips: ['c1'], fromMs: 10, isAtLatest: true, untilMs: 20 },
  ]);
});

test('what stood there before the oldest change that is known is known by its end alone', async () => {
  expect(await segmentsOf([2, 3], movesTo(3, 4))).toEqual([
    { tips: ['c4', 'c3'], fromMs: 10, isAtLatest: true, untilMs: null },
    { tips: ['c2'], fromMs: null, isAtLatest: true, untilMs: 10 },
  ]);
});

test('changes that came with one push were never held one by one', async () => {
  expect(await segmentsOf([2, 3, 4], movesTo(1, 4, 5))).toMatchObject([
    { tips: ['c5', 'c4'], fromMs: 20 },
    { tips: ['c1'], fromMs: 10, untilMs: 20 },
  ]);
});

test('a rewrite of the branch starts anew', async () => {
  const moves = movesTo(1, 2, 3, 4).map((move) => ({ ...move, isRewrite: move.after === 'c3' }));
  expect(await segmentsOf([1], moves)).toEqual([
    { tips: ['c4', 'c3'], fromMs: 30, isAtLatest: false, untilMs: null },
  ]);
});

test('no more than 20 changes are followed, and of what was there before only the end is known', async () => {
  const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
  const segments = await segmentsOf(numbers, movesTo(...numbers));
  expect(segments).toHaveLength(21);
  expect(segments.filter(({ fromMs }) => fromMs === null)).toEqual(segments.slice(20));
});

/** The same with commits whose names are in no order, as those of git are. */
function scattered(touching: readonly number[], count: number) {
  const names = new Map(Array.from({ length: count }, (_, index) => [sha(String(index)), `c${index}`]));
  const shas = new Map([...names].map(([name, number]) => [number, name]));
  const plain = historyOf(touching);
  return {
    asked: plain.asked,
    rename: (moves: readonly BranchMove[]) =>
      moves.map((move) => ({ ...move, before: shas.get(move.before)!, after: shas.get(move.after)! })),
    listCommits: async (at: string, path: string, limit: number) =>
      (await plain.listCommits(names.get(at)!, path, limit)).map((each) => shas.get(each)!),
    isAncestor: (one: string, other: string) => plain.isAncestor(names.get(one)!, names.get(other)!),
    readCommit: (at: string) => plain.readCommit(names.get(at)!),
  };
}

test('nothing is read that is not asked for, and later looks ask little that is new', async () => {
  const numbers = Array.from({ length: 300 }, (_, index) => (index + 1) * 3);
  const history = scattered([100, 500, 850], 1_000);
  const first = listSegments(history, history.rename(movesTo(...numbers)), 'apps/x');
  expect(history.asked).toEqual({ listed: 0, compared: [] });
  await first.next();
  expect(history.asked.listed).toBe(1);
  for await (const _ of first);
  const before = new Set(history.asked.compared);
  expect(before.size).toBeLessThan(50);
  history.asked.compared.length = 0;
  const later = history.rename(movesTo(...numbers.slice(5), 903, 906));
  for await (const _ of listSegments(history, later, 'apps/x'));
  expect(history.asked.compared.filter((each) => !before.has(each)).length).toBeLessThan(10);
});

test('segments follow each other without a gap, and tell at each tip what the folder was', async () => {
  const ascending = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 25 });
  const sorted = ascending.map((numbers) => numbers.sort((a, b) => a - b));
  const property = fc.asyncProperty(sorted, sorted, async (touching, tips) => {
    const moves = movesTo(...tips);
    const segments = (await segmentsOf(touching, moves)).filter(({ fromMs }) => fromMs !== null);
    const stateAt = (tip: string) => touching.filter((each) => each <= Number(tip.slice(1))).length;
    for (const { tips: own } of segments) expect(new Set(own.map(stateAt)).size).toBe(1);
    const listed = segments.flatMap(({ tips: own }) => own);
    expect(listed).toEqual(moves.slice(0, listed.length).map(({ after }) => after));
    expect(segments.slice(1).map(({ untilMs }) => untilMs)).toEqual(
      segments.slice(0, -1).map(({ fromMs }) => fromMs),
    );
  });
  await fc.assert(property, { numRuns: 300 });
});
