import { afterEach, describe, expect, test } from '@jest/globals';
import { applyPatch } from 'diff';
import { LINES, type OpenedStage, openStage, STAGES, withLine } from './stages.ts';

const NOTHING = '0'.repeat(40);
let stage: OpenedStage;

afterEach(async () => stage.stop());

describe.each(STAGES)('git, $name', ({ open }) => {
  test('the tip of the default branch has its tree, and texts by SHA', async () => {
    stage = await openStage(open);
    const { port } = stage;
    const { branch, commit } = (await port.readDefaultTip())!;
    expect(branch).toBe('main');
    const entries = await port.readTree(commit.treeSha);
    expect(entries.map(({ path, type, mode }) => [path, type, mode])).toEqual([
      ['README.md', 'blob', '100644'],
      ['a', 'tree', '040000'],
      ['a/values.yml', 'blob', '100644'],
      ['b', 'tree', '040000'],
      ['b/tag.yml', 'blob', '100644'],
    ]);
    const tag = entries.find(({ path }) => path === 'b/tag.yml')!;
    expect(tag.sizeBytes).toBe(8);
    expect(await port.readText(tag.sha)).toBe('tag: v1\n');
    expect(await port.readFile('b/tag.yml', 'main')).toEqual({ sha: tag.sha, text: 'tag: v1\n' });
    expect(await port.readFile('b/tag.yml', commit.sha)).toEqual({ sha: tag.sha, text: 'tag: v1\n' });
    expect(await port.readFile('none.yml', 'main')).toBeNull();
    expect(await port.readFile('b/tag.yml', 'none')).toBeNull();
    expect(await port.readBranch('main')).toBe(commit.sha);
    expect(await port.readBranch('none')).toBeNull();
    await expect(port.readCommit(NOTHING)).rejects.toThrow();
    await expect(port.readTree(NOTHING)).rejects.toThrow();
    await expect(port.readText(NOTHING)).rejects.toThrow();
  });

  test('objects have the SHA that git gives them', async () => {
    stage = await openStage(open);
    const entries = await stage.port.readTree((await stage.tip()).treeSha);
    expect(entries.map(({ sha }) => sha.slice(0, 12))).toEqual([
      '378755f844d3',
      '75e941063eef',
      '677b77220f5a',
      'ccf5100835c1',
      '0e60899bf2d2',
    ]);
  });

  test("a person's commit is told with author, parent and patch", async () => {
    stage = await openStage(open);
    const { people } = stage;
    const before = await stage.tip();
    stage.pass(5_000);
    const sha = await people.push('bea', 'main', { 'a/values.yml': withLine(5, 'five') }, 'Change it');
    const commit = await stage.tip();
    expect(commit).toMatchObject({
      sha,
      parents: [before.sha],
      message: 'Change it',
      authorLogin: 'bea',
      committerLogin: 'bea',
      authorName: 'bea',
      isSluices: false,
      committedAt: '2026-03-01T12:00:05Z',
      files: [{ path: 'a/values.yml', previousPath: null }],
    });
    const { patch } = commit.files![0]!;
    expect(applyPatch(LINES.join(''), patch!)).toBe(withLine(5, 'five'));
  });

  test("the App's commit is known again, and another's is not", async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const base = await stage.tip();
    const files = [
      { path: 'b/tag.yml', content: 'tag: v2\n', mode: '100644' },
      { path: 'README.md', deleted: true as const },
    ];
    const made = await port.createCommit({
      ...{ baseTree: base.treeSha, parents: [base.sha], files },
      message: 'Promote\n\nSluice-To: prod',
    });
    const commit = await port.readCommit(made.sha);
    expect(commit).toMatchObject({ ...made, parents: [base.sha], isSluices: true });
    expect(commit).toMatchObject({ authorLogin: 'sluice[bot]', committerLogin: 'web-flow' });
    expect(commit.message.trim()).toBe('Promote\n\nSluice-To: prod');
    expect((await port.readTree(made.treeSha)).map(({ path }) => path)).not.toContain('README.md');
    const orphan = await port.createCommit({
      ...{ baseTree: null, parents: [], message: 'State' },
      files: [{ path: 'holds.json', content: '{}\n', mode: '100644' }],
    });
    expect((await port.readTree(orphan.treeSha)).map(({ path }) => path)).toEqual(['holds.json']);
    await people.createBranch('bea', 'topic', made.sha);
    const theirs = await people.push('bea', 'topic', { 'b/tag.yml': 'tag: v3\n' }, 'Mine');
    expect((await port.readCommit(theirs!)).isSluices).toBe(false);
  });

  test('a branch is created once, only moves forward, and is deleted', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const base = await stage.tip();
    const commit = (parents: string[], content: string) =>
      port.createCommit({
        ...{ baseTree: base.treeSha, parents, message: content },
        files: [{ path: 'b/tag.yml', content, mode: '100644' }],
      });
    const [one, two] = [await commit([base.sha], 'one'), await commit([base.sha], 'two')];
    const next = await commit([one.sha, base.sha], 'next');
    expect(await port.createBranch('sluice/x', one.sha)).toBe(true);
    expect(await port.createBranch('sluice/x', two.sha)).toBe(false);
    expect(await port.advanceBranch('sluice/x', two.sha)).toBe(false);
    expect(await port.readBranch('sluice/x')).toBe(one.sha);
    expect(await port.advanceBranch('sluice/x', next.sha)).toBe(true);
    expect(await port.advanceBranch('sluice/x', next.sha)).toBe(true);
    expect(await port.advanceBranch('sluice/none', next.sha)).toBe(false);
    expect(await port.readPusher('sluice/x', next.sha)).toBe('sluice[bot]');
    await people.push('bea', 'sluice/x', { 'b/tag.yml': 'theirs' }, 'Theirs');
    const theirs = (await port.readBranch('sluice/x'))!;
    expect(await port.advanceBranch('sluice/x', (await commit([next.sha], 'late')).sha)).toBe(false);
    expect(await port.readPusher('sluice/x', theirs)).toBe('bea');
    await port.deleteBranch('sluice/x');
    await port.deleteBranch('sluice/x');
    expect(await port.readBranch('sluice/x')).toBeNull();
    await expect(port.createBranch('sluice/y', NOTHING)).rejects.toThrow();
  });

  test('history of a path leaves out what does not touch it, also beyond a merge', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const base = await stage.tip();
    const push = (branch: string, path: string, text: string) => {
      stage.pass(60_000);
      return people.push('bea', branch, { [path]: text }, `${path} ${text}`);
    };
    await people.createBranch('bea', 'side', base.sha);
    const first = await push('main', 'b/tag.yml', 'tag: v2\n');
    const other = await push('main', 'README.md', 'other\n');
    const side = await push('side', 'a/values.yml', withLine(3, 'three'));
    stage.pass(60_000);
    const main = await stage.tip();
    const merged = await port.createCommit({
      ...{ baseTree: main.treeSha, parents: [main.sha, side!], message: 'Merge' },
      files: [{ path: 'a/values.yml', content: withLine(3, 'three'), mode: '100644' }],
    });
    const last = await push('main', 'b/tag.yml', 'tag: v3\n');
    expect(await port.listCommits(last!, 'b', 20)).toEqual([last, first, base.sha]);
    expect(await port.listCommits(last!, 'b', 2)).toEqual([last, first]);
    expect(await port.listCommits(merged.sha, 'a', 20)).toEqual([side, base.sha]);
    expect(await port.listCommits(merged.sha, 'b', 20)).toEqual([first, base.sha]);
    expect(await port.listCommits(merged.sha, 'README.md', 20)).toEqual([other, base.sha]);
    expect(await port.wasChangedBefore('b/tag.yml', '2026-03-01T11:59:59Z')).toBe(false);
    expect(await port.wasChangedBefore('b/tag.yml', '2026-03-01T12:00:00Z')).toBe(true);
    expect(await port.wasChangedBefore('none.yml', '2026-03-01T12:00:00Z')).toBe(false);
    expect(await port.isAncestor(side!, merged.sha)).toBe(true);
    expect(await port.isAncestor(merged.sha, side!)).toBe(false);
    expect(await port.isAncestor(side!, last!)).toBe(false);
    expect(await port.readMergeBase(last!, merged.sha)).toBe(main.sha);
    expect(await port.readMergeBase(side!, last!)).toBe(base.sha);
    const ahead = await port.listAhead(last!, merged.sha);
    expect(ahead).toEqual([
      { sha: side, parents: [base.sha], authorLogin: 'bea' },
      { sha: merged.sha, parents: [main.sha, side], authorLogin: 'sluice[bot]' },
    ]);
  });

  test('moves of a branch are recorded, newest first, with the time of each', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    const before = (await stage.tip()).sha;
    stage.pass(60_000);
    const after = await people.push('bea', 'main', { 'b/tag.yml': 'tag: v2\n' }, 'One');
    const moves = await port.listMoves('main', 0);
    const atMs = Date.parse('2026-03-01T12:01:00Z');
    expect(moves[0]).toEqual({ before, after, atMs, isRewrite: false });
    await port.createBranch('sluice/x', before);
    expect(await port.listMoves('sluice/x', 0)).toEqual([
      { before: NOTHING, after: before, atMs, isRewrite: true },
    ]);
    expect(await port.readBranchRules('main')).toEqual({ reviews: [], isPartlyHidden: false });
    expect(await port.listQueueBranches('main')).toEqual([]);
  });

  test('what git merges, and what conflicts', async () => {
    stage = await openStage(open);
    const { port, people } = stage;
    await stage.propose('sluice/x', 'a/values.yml', withLine(5, 'ours'));
    const conflicts: Record<number, boolean | null> = {};
    let text = LINES.join('');
    for (const line of [11, 8, 7, 6]) {
      text = withLine(line, 'theirs', text);
      await people.push('bea', 'main', { 'a/values.yml': text }, `Change ${line}`);
      const [pull] = await port.listOpenPulls();
      conflicts[line] = (await port.readPull(pull!.number))!.mergeable;
    }
    expect(conflicts).toEqual({ 11: true, 8: true, 7: true, 6: false });
  });
});
