import { type GitCommit, parseCommit } from './git-commit.ts';
import { readObject } from './git-reader.ts';

/** How far to look before git is asked. */
const MAX_STEPS = 100;

async function commitAt(gitDir: string, sha: string): Promise<GitCommit> {
  const found = await readObject(gitDir, sha);
  if (found?.type !== 'commit') throw new Error(`${gitDir} has no commit ${sha}`);
  return parseCommit(found.sha, found.content);
}

/**
 * Commits from `tip` back, newest first, as long as each has one parent: at most `limit`, and none from `end` on.
 * Null when there is a merge, or more than is worth to walk, or `end` is not on the line.
 */
export async function walk(
  gitDir: string,
  tip: string,
  end: string | null,
  limit: number,
): Promise<GitCommit[] | null> {
  const commits: GitCommit[] = [];
  for (let sha: string | undefined = tip; sha !== end && commits.length < limit; ) {
    if (sha === undefined) return end === null ? commits : null;
    const commit: GitCommit = await commitAt(gitDir, sha);
    if (commit.parents.length > 1 || commits.length >= MAX_STEPS) return null;
    commits.push(commit);
    sha = commit.parents[0];
  }
  return commits;
}

/** The newest commit on both of two straight lines; null when only git can tell. */
export async function commonAncestor(gitDir: string, a: string, b: string): Promise<string | null> {
  const first = [a];
  const second = [b];
  for (let step = 0; step < MAX_STEPS; step++) {
    let moved = false;
    for (const line of [first, second]) {
      const other = line === first ? second : first;
      const last = line.at(-1) ?? a;
      if (other.includes(last)) return last;
      const { parents } = await commitAt(gitDir, last);
      if (parents.length > 1) return null;
      if (parents[0] === undefined) continue;
      line.push(parents[0]);
      moved = true;
    }
    if (!moved) return null;
  }
  return null;
}
