import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listTree } from './git.ts';
import { gitText, runGit } from './run-git.ts';

/** One change to a tree; `sha` null removes the file, or everything below the path. */
export interface TreeChange {
  path: string;
  mode: string;
  sha: string | null;
}

/**
 * Writes the tree that results from changes to a base (none: the empty tree), and gives its SHA.
 * Paths must have been checked (`isTreePath`), SHAs must be of objects that are there.
 * @throws Error for a removal of what the base does not have.
 */
export async function writeTree(gitDir: string, base: string | null, changes: TreeChange[]): Promise<string> {
  const index = join(gitDir, `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    if (base !== null) await runGit(gitDir, ['read-tree', base], { env });
    const lines = [
      ...(await removals(gitDir, base, changes)),
      ...changes
        .filter((change) => change.sha !== null && change.mode !== '040000')
        .map((change) => `${change.mode} ${change.sha}\t${change.path}\0`),
    ];
    const input = lines.join('');
    if (input !== '') await runGit(gitDir, ['update-index', '-z', '--index-info'], { env, input });
    for (const change of changes) {
      if (change.sha === null || change.mode !== '040000') continue;
      await runGit(gitDir, ['read-tree', `--prefix=${change.path}/`, change.sha], { env });
    }
    return await gitText(gitDir, ['write-tree'], { env });
  } finally {
    await rm(index, { force: true });
  }
}

/** Index lines that remove files; a folder goes with all that is in it, also before a tree takes its place. */
async function removals(gitDir: string, base: string | null, changes: TreeChange[]): Promise<string[]> {
  const leaving = changes.filter((change) => change.sha === null || change.mode === '040000');
  if (leaving.length === 0) return [];
  const entries = base === null ? [] : await listTree(gitDir, base, true);
  const files = entries.filter((entry) => entry.type !== 'tree');
  return leaving.flatMap((change) => {
    const gone = files.filter((file) => file.path === change.path || file.path.startsWith(`${change.path}/`));
    if (gone.length === 0 && change.sha === null) throw new Error(`there is no ${change.path} to remove`);
    return gone.map((file) => `0 ${'0'.repeat(40)}\t${file.path}\0`);
  });
}
