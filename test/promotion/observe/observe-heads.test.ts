import { readHeads } from '../../../src/promotion/observe/observe-heads.ts';
import { openWith, sha } from '../support.ts';

const MESSAGE = `Promote

Sluice-Application: checkout
Sluice-To: prod
Sluice-Release: v2
Sluice-Fingerprint: 0123456789abcdef
`;

/** A branch that was made anew so often for the same release, newest first. */
function branchOf(heads: number) {
  const open = openWith(MESSAGE, '', null);
  const commits = Array.from({ length: heads }, (_, index) => ({
    ...open.head,
    sha: sha(`head ${index}`),
    parents: index < heads - 1 ? [sha(`head ${index + 1}`), sha('base')] : [sha('base')],
  }));
  const readCommit = async (wanted: string) => commits.find((commit) => commit.sha === wanted)!;
  return { found: { ...open, head: commits[0]! }, commits, readCommit };
}

test('a branch is followed back to its first head for the release', async () => {
  const { found, commits, readCommit } = branchOf(5);
  const { first, isFromStart } = await readHeads({ readCommit }, found);
  expect({ first: first.sha, isFromStart }).toEqual({ first: commits[4]!.sha, isFromStart: true });
});

test('of one that was made anew very often, what is too far back counts for nothing, and the rest goes on', async () => {
  const { found, commits, readCommit } = branchOf(300);
  const { first, isFromStart } = await readHeads({ readCommit }, found);
  expect(isFromStart).toBe(false);
  expect(commits.findIndex(({ sha: each }) => each === first.sha)).toBeGreaterThanOrEqual(50);
});

test('updates alone, without any head of Sluice, tell nothing', async () => {
  const { found, commits } = branchOf(300);
  const update = { message: 'Merge', isSluices: false, committerLogin: 'web-flow' };
  const readCommit = async (wanted: string) => ({
    ...commits.find(({ sha: each }) => each === wanted)!,
    ...update,
  });
  await expect(readHeads({ readCommit }, { ...found, head: { ...found.head, ...update } })).rejects.toThrow(
    '#7',
  );
});
