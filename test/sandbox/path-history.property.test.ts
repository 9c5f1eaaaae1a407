import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { log } from '../../src/sandbox/git.ts';
import { closeReaders } from '../../src/sandbox/git-reader.ts';
import { walkPath } from '../../src/sandbox/git-walk.ts';
import { gitText, runGit } from '../../src/sandbox/run-git.ts';

/** Of a commit: how far back its parents are, and what is at the path; 0 is nothing. */
const commit = fc.record({
  back: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
  content: fc.integer({ min: 0, max: 2 }),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-path-history-'));
});
afterAll(async () => {
  closeReaders(folder);
  await rm(folder, { recursive: true });
});

function streamOf(commits: readonly { back: number[]; content: number }[]): string {
  const lines = commits.map(({ back, content }, index) => {
    const parents = [...new Set(back.map((steps) => Math.max(index - steps, 0)))];
    const [from, ...merged] = index === 0 ? [] : parents.map((parent) => `:${parent + 1}`);
    return [
      'commit refs/heads/main',
      `mark :${index + 1}`,
      `committer A <a@example.org> ${1_700_000_000 + index} +0000`,
      'data 0',
      ...(from ? [`from ${from}`] : []),
      ...merged.map((parent) => `merge ${parent}`),
      'deleteall',
      `M 100644 inline other\ndata ${String(index).length}\n${index}`,
      ...(content === 0 ? [] : [`M 100644 inline a/x\ndata 1\n${content}`]),
      '',
    ].join('\n');
  });
  return `${lines.join('\n')}\ndone\n`;
}

test('the commits of a path are those of git, with merges and without', async () => {
  let walked = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(commit, { minLength: 1, maxLength: 12 }), async (commits) => {
      const gitDir = await mkdtemp(join(folder, 'run-'));
      await runGit(gitDir, ['init', '--quiet', '--bare', '--initial-branch=main']);
      await runGit(gitDir, ['fast-import', '--quiet', '--done', '--force'], { input: streamOf(commits) });
      const expected = await gitText(gitDir, ['log', '--format=%H', 'refs/heads/main', '--', 'a/x']);
      const found = (await log(gitDir, { include: 'main', path: 'a/x' })).map(({ sha }) => sha);
      expect(found.join('\n')).toBe(expected);
      const tip = await gitText(gitDir, ['rev-parse', 'refs/heads/main']);
      const first = await walkPath(gitDir, tip, 'a/x', 1);
      if (first === null) return;
      walked++;
      expect(first.map(({ sha }) => sha).join()).toBe(expected.split('\n')[0]);
    }),
    { numRuns: 60 },
  );
  expect(walked).toBeGreaterThan(20);
});
