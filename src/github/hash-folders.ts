import type { TreeEntry } from '../promotion/ports/git.ts';
import { FOLDER_MODE, type FolderEntry, treeSha } from './git-hash.ts';

/** The folder that a path lies in; `` is the root. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** All folders that a path lies in, the root included. */
export function foldersOf(path: string): string[] {
  const found: string[] = [];
  for (let at = path; at !== ''; at = folderOf(at)) found.push(folderOf(at));
  return found;
}

/**
 * Names the `folders`, which are all that hold one another up to the root, after what they hold: their `entries`, those
 * of other folders in them included. A folder that holds nothing is not there, as in git.
 */
export function hashFolders(
  folders: ReadonlySet<string>,
  entries: Iterable<TreeEntry>,
): { root: string; found: TreeEntry[] } {
  const held = new Map<string, FolderEntry[]>(['', ...folders].map((folder) => [folder, []]));
  const hold = ({ path, mode, sha }: TreeEntry) => {
    const folder = folderOf(path);
    held.get(folder)?.push({ name: folder === '' ? path : path.slice(folder.length + 1), mode, sha });
  };
  for (const entry of entries) hold(entry);
  const found: TreeEntry[] = [];
  // The longer path is never the outer folder.
  for (const path of [...folders].filter(Boolean).sort((one, other) => other.length - one.length)) {
    const inside = held.get(path)!;
    if (inside.length === 0) continue;
    const entry: TreeEntry = { path, mode: FOLDER_MODE, type: 'tree', sha: treeSha(inside), sizeBytes: 0 };
    hold(entry);
    found.push(entry);
  }
  return { root: treeSha(held.get('')!), found };
}

/** Entries in git's order: each folder before what it holds. */
export function sortEntries(entries: TreeEntry[]): TreeEntry[] {
  return entries.sort((one, other) => (isBefore(one, other) ? -1 : 1));
}

/** Two lists that are in git's order as one. */
export function mergeEntries(one: readonly TreeEntry[], other: readonly TreeEntry[]): TreeEntry[] {
  const merged: TreeEntry[] = [];
  let at = 0;
  for (const entry of one) {
    while (at < other.length && isBefore(other[at]!, entry)) merged.push(other[at++]!);
    merged.push(entry);
  }
  return [...merged, ...other.slice(at)];
}

function isBefore(one: TreeEntry, other: TreeEntry): boolean {
  return orderKey(one) < orderKey(other);
}

function orderKey({ path, type }: TreeEntry): string {
  return type === 'tree' ? `${path}/` : path;
}
