import { type GitCommit, parseCommit } from './git-commit.ts';
import { entryAt } from './git-objects.ts';
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

/**
 * At most `limit` commits that changed what is at a path, newest first: where a merge took it over from a parent, that
 * parent's history is all that counts. Null when there is more than is worth to walk, or a merge made something new of it.
 * https://git-scm.com/docs/git-log#_history_simplification
 */
export async function walkPath(
  gitDir: string,
  tip: string,
  path: string,
  limit: number,
): Promise<GitCommit[] | null> {
  const at = async (commit: string) => {
    const entry = await entryAt(gitDir, commit, path);
    return entry && `${entry.mode} ${entry.sha}`;
  };
  const commits: GitCommit[] = [];
  let [sha, own] = [tip, await at(tip)];
  for (let step = 0; commits.length < limit; step++) {
    if (step >= MAX_STEPS) return null;
    const commit = await commitAt(gitDir, sha);
    const parents = await Promise.all(
      commit.parents.map(async (parent) => ({ sha: parent, has: await at(parent) })),
    );
    const same = parents.find(({ has }) => has === own);
    if (!same && parents.length > 1) return null;
    if (!same && (parents.length > 0 || own !== null)) commits.push(commit);
    const next = same ?? parents[0];
    if (!next) return commits;
    [sha, own] = [next.sha, next.has];
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
