import { readObject } from './git-reader.ts';
import { writeObject } from './write-object.ts';

/** One line of a tree object: `40000` is a tree, `160000` a submodule's commit. */
export interface TreeLine {
  mode: string;
  name: string;
  sha: string;
}

export function isTreeMode(mode: string): boolean {
  return mode === '40000' || mode === '040000';
}

/** Lines of a tree object; null is the empty tree. @throws Error when there is no such tree. */
export async function readTree(gitDir: string, sha: string | null): Promise<TreeLine[]> {
  if (sha === null) return [];
  const found = await readObject(gitDir, `${sha}^{tree}`);
  if (found === null) throw new Error(`${gitDir} has no tree ${sha}`);
  const lines: TreeLine[] = [];
  for (let at = 0; at < found.content.length; ) {
    const space = found.content.indexOf(32, at);
    const end = found.content.indexOf(0, space);
    lines.push({
      mode: found.content.toString('latin1', at, space),
      name: found.content.toString('utf8', space + 1, end),
      sha: found.content.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return lines;
}

/** Writes a tree object and gives its SHA. */
export function writeTreeObject(gitDir: string, lines: TreeLine[]): Promise<string> {
  // Git compares bytes, and a tree as if its name ended with a slash.
  const key = ({ mode, name }: TreeLine) => Buffer.from(isTreeMode(mode) ? `${name}/` : name);
  const sorted = [...lines].sort((a, b) => Buffer.compare(key(a), key(b)));
  const parts = sorted.flatMap(({ mode, name, sha }) => [
    Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
    Buffer.from(sha, 'hex'),
  ]);
  return writeObject(gitDir, 'tree', Buffer.concat(parts));
}

export interface ChangedPaths {
  added: string[];
  removed: string[];
  modified: string[];
}

/** Files that differ between two trees (null: the empty one), in the order of git, without renames. */
export async function diffTrees(
  gitDir: string,
  before: string | null,
  after: string | null,
  folder = '',
): Promise<ChangedPaths> {
  const paths: ChangedPaths = { added: [], removed: [], modified: [] };
  if (before === after) return paths;
  const old = new Map((await readTree(gitDir, before)).map((line) => [line.name, line]));
  const fresh = new Map((await readTree(gitDir, after)).map((line) => [line.name, line]));
  for (const name of [...new Set([...old.keys(), ...fresh.keys()])].sort()) {
    const [was, is] = [old.get(name), fresh.get(name)];
    if (was?.sha === is?.sha && was?.mode === is?.mode) continue;
    const path = folder + name;
    const [oldTree, newTree] = [was, is].map((line) => (line && isTreeMode(line.mode) ? line.sha : null));
    if (oldTree || newTree) {
      const below = await diffTrees(gitDir, oldTree ?? null, newTree ?? null, `${path}/`);
      paths.added.push(...below.added);
      paths.removed.push(...below.removed);
      paths.modified.push(...below.modified);
    }
    const [oldFile, newFile] = [was && !oldTree, is && !newTree];
    if (oldFile && newFile) paths.modified.push(path);
    else if (oldFile) paths.removed.push(path);
    else if (newFile) paths.added.push(path);
  }
  return paths;
}
