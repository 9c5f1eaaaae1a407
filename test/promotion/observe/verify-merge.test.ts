import { verifyMerge } from '../../../src/promotion/observe/verify-merge.ts';
import type { Commit, TreeEntry } from '../../../src/promotion/ports/git.ts';
import { sha } from '../support.ts';

type Files = Record<string, string>;

/** Commits by name, each with its files; `origin` is where the lines parted. */
function readerOf(commits: Record<'origin' | 'base' | 'head' | 'merged', Files>) {
  const texts = Object.values(commits).flatMap((files) => Object.values(files));
  return {
    readMergeBase: async () => 'origin',
    readCommit: async (name: string) => ({ sha: name, treeSha: name }) as Commit,
    readTree: async (name: string) =>
      Object.entries(commits[name as keyof typeof commits]).map(
        ([path, text]): TreeEntry => ({
          path,
          mode: '100644',
          type: 'blob',
          sha: sha(text),
          sizeBytes: text.length,
        }),
      ),
    readText: async (blob: string) => texts.find((text) => sha(text) === blob) ?? null,
  };
}

const verify = (origin: Files, base: Files, head: Files, merged: Files) =>
  verifyMerge(readerOf({ origin, base, head, merged }), {
    baseSha: 'base',
    headSha: 'head',
    mergedSha: 'merged',
  });

const lines = (...changed: [number, string][]) =>
  Array.from({ length: 20 }, (_, index) => changed.find(([at]) => at === index)?.[1] ?? `line ${index}`).join(
    '\n',
  );

test('files that one side changed, added or removed are as that side has them', async () => {
  const origin = { a: '1', b: '1', c: '1', d: '1' };
  const base = { a: '2', b: '1', c: '1', e: 'new' };
  const head = { a: '1', b: '3', d: '1', f: 'too' };
  expect(await verify(origin, base, head, { a: '2', b: '3', e: 'new', f: 'too' })).toBeNull();
  expect(await verify(origin, base, head, { a: '2', b: '4', e: 'new', f: 'too' })).toBe('b');
  expect(await verify(origin, base, head, { a: '2', b: '3', e: 'new', f: 'too', g: 'sneaked in' })).toBe('g');
  expect(await verify(origin, base, head, { a: '2', b: '3', c: '1', e: 'new', f: 'too' })).toBe('c');
});

test('a file that both sides changed in different places holds both changes and no other', async () => {
  const [origin, base, head] = [lines(), lines([2, 'ours']), lines([15, 'theirs'])];
  const both = lines([2, 'ours'], [15, 'theirs']);
  expect(await verify({ a: origin }, { a: base }, { a: head }, { a: both })).toBeNull();
  expect(await verify({ a: origin }, { a: base }, { a: head }, { a: head })).toBe('a');
  const more = lines([2, 'ours'], [8, 'sneaked in'], [15, 'theirs']);
  expect(await verify({ a: origin }, { a: base }, { a: head }, { a: more })).toBe('a');
});

test('changes close by are merged as git does', async () => {
  const both = lines([5, 'ours'], [7, 'theirs']);
  expect(
    await verify({ a: lines() }, { a: lines([5, 'ours']) }, { a: lines([7, 'theirs']) }, { a: both }),
  ).toBeNull();
});

test('what one side removed and the other changed is nothing that Sluice can merge', async () => {
  expect(await verify({ a: '1' }, {}, { a: '2' }, { a: '2' })).toBe('a');
});
