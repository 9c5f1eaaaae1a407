import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findLanding } from '../../../src/promotion/observe/find-landing.ts';
import type { BranchMove } from '../../../src/promotion/ports/git.ts';

/** Commits `c0`, `c1`, ... each on the one before. */
const isAncestor = async (ancestor: string, sha: string) =>
  /^c\d+$/.test(ancestor) && /^c\d+$/.test(sha) && Number(ancestor.slice(1)) <= Number(sha.slice(1));

function move(before: string, after: string, atMs: number, isRewrite = false): BranchMove {
  return { before, after, atMs, isRewrite };
}

test('a commit that the branch pointed at landed with that move', async () => {
  const moves = [move('c2', 'c3', 30), move('c1', 'c2', 20), move('c0', 'c1', 10)];
  expect(await findLanding(moves, 'c2', isAncestor)).toEqual({
    atMs: 20,
    isAtLatest: false,
    tips: ['c3', 'c2'],
  });
});

test('a commit in the middle of a push landed with that push', async () => {
  const moves = [move('c6', 'c7', 30), move('c2', 'c6', 20), move('c0', 'c2', 10)];
  expect(await findLanding(moves, 'c4', isAncestor)).toEqual({
    atMs: 20,
    isAtLatest: false,
    tips: ['c7', 'c6'],
  });
});

test('one that was there before what was read landed at its end or earlier', async () => {
  const moves = [move('c6', 'c7', 30), move('c5', 'c6', 20)];
  expect(await findLanding(moves, 'c3', isAncestor)).toMatchObject({ atMs: 20, isAtLatest: true });
});

test('one that the record does not hold yet is not found', async () => {
  expect(await findLanding([move('c1', 'c2', 20)], 'c3', isAncestor)).toBeNull();
  expect(await findLanding([], 'c3', isAncestor)).toBeNull();
});

test('after the branch was rewritten, a commit counts as new there', async () => {
  const moves = [
    move('c5', 'c6', 40),
    move('x9', 'c5', 30, true),
    move('c4', 'x9', 20, true),
    move('c0', 'c4', 10),
  ];
  expect(await findLanding(moves, 'c4', isAncestor)).toMatchObject({ atMs: 30, tips: ['c6', 'c5'] });
});

test('it is the move that going through all of them finds, with few questions', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 60 }),
      fc.nat({ max: 400 }),
      async (steps, wanted) => {
        const oldestFirst: BranchMove[] = [];
        let tip = 0;
        for (const [index, step] of steps.entries()) {
          oldestFirst.push(move(`c${tip}`, `c${tip + step}`, index));
          tip += step;
        }
        let questions = 0;
        const asked = (ancestor: string, sha: string) => {
          questions += 1;
          return isAncestor(ancestor, sha);
        };
        const found = await findLanding(oldestFirst.toReversed(), `c${wanted}`, asked);
        const slow = oldestFirst.findIndex(({ after }) => wanted <= Number(after.slice(1)));
        expect(found?.atMs ?? -1).toBe(slow);
        if (slow === 0) expect(found?.isAtLatest).toBe(wanted === 0);
        expect(questions).toBeLessThanOrEqual(9);
      },
    ),
    { numRuns: 200 },
  );
});
