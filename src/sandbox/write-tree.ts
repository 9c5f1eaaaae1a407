import { isTreeMode, readTree, type TreeLine, writeTreeObject } from './git-trees.ts';
import { EMPTY_TREE } from './run-git.ts';

/** One change to a tree; `sha` null removes the file, or everything below the path. */
export interface TreeChange {
  path: string;
  mode: string;
  sha: string | null;
}

/** A change, its path relative to the tree at hand. */
interface Step {
  parts: string[];
  change: TreeChange;
}

/**
 * Writes the tree that results from changes to a base (none: the empty tree), and gives its SHA.
 * Paths must have been checked (`isTreePath`), SHAs must be of objects that are there.
 * @throws Error for a removal of what the base does not have.
 */
export async function writeTree(gitDir: string, base: string | null, changes: TreeChange[]): Promise<string> {
  for (const { path, sha } of changes) {
    if (sha === null && !(await has(gitDir, base, path.split('/')))) {
      throw new Error(`there is no ${path} to remove`);
    }
  }
  // What is removed makes room for what comes; a whole folder replaces what was put into it.
  const rank = ({ sha, mode }: TreeChange) => (sha === null ? 0 : isTreeMode(mode) ? 2 : 1);
  const ordered = [...changes].sort((a, b) => rank(a) - rank(b));
  const steps = ordered.map((change) => ({ parts: change.path.split('/'), change }));
  return (await edit(gitDir, base, steps)) ?? writeTreeObject(gitDir, []);
}

async function has(gitDir: string, tree: string | null, parts: string[]): Promise<boolean> {
  const [name, ...below] = parts;
  const line = (await readTree(gitDir, tree)).find((one) => one.name === name);
  if (line === undefined || below.length === 0) return line !== undefined;
  return isTreeMode(line.mode) && has(gitDir, line.sha, below);
}

/** SHA of the changed tree; null when nothing is left in it: git keeps no empty folders. */
async function edit(gitDir: string, tree: string | null, steps: Step[]): Promise<string | null> {
  const lines = new Map((await readTree(gitDir, tree)).map((line) => [line.name, line]));
  const below = new Map<string, Step[]>();
  for (const { parts, change } of steps) {
    const [name = '', ...rest] = parts;
    if (rest.length > 0) {
      below.set(name, [...(below.get(name) ?? []), { parts: rest, change }]);
      continue;
    }
    below.delete(name);
    if (change.sha === null || change.sha === EMPTY_TREE) lines.delete(name);
    else lines.set(name, { mode: change.mode, name, sha: change.sha });
  }
  for (const [name, inside] of below) {
    const line = lines.get(name);
    const sha = await edit(gitDir, line && isTreeMode(line.mode) ? line.sha : null, inside);
    if (sha === null) lines.delete(name);
    else lines.set(name, { mode: '40000', name, sha } satisfies TreeLine);
  }
  return lines.size === 0 ? null : writeTreeObject(gitDir, [...lines.values()]);
}
