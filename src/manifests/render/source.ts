import { posix } from 'node:path';
import { shorten } from '../yaml-file.ts';

/** An entry of a repository's recursive tree at one commit; folders may be left out. */
export interface SourceEntry {
  /** Repository-relative. */
  path: string;
  /** As git writes it: `100644`, `120000` for a symbolic link, `160000` for a submodule. */
  mode: string;
  sha: string;
}

/** A repository at one commit: its tree, and a way to read a blob. */
export interface Source {
  entries: readonly SourceEntry[];
  /** Null when the blob cannot be had as it is. Called for many at a time: a limit is the caller's to set. */
  readBlob(sha: string): Promise<Uint8Array | null>;
}

/** A source that can be asked about paths. Made once for a commit, used for every target in it. */
export interface SourceIndex {
  readBlob: Source['readBlob'];
  /** What stands at a path; null when nothing does. */
  entryAt(path: string): SourceEntry | null;
  isFolder(path: string): boolean;
  /** All entries below a folder, in the order of their paths. */
  entriesBelow(folder: string): SourceEntry[];
}

const FOLDER_MODES = new Set(['040000', '40000']);

/** Why a target has no rendered view, as a person reads it. Ends a collection from wherever it is. */
export class NotRendered extends Error {
  /** Another attempt may succeed. */
  readonly isTransient: boolean;

  constructor(message: string, { isTransient = false } = {}) {
    super(message);
    this.isTransient = isTransient;
  }
}

export function indexSource({ entries, readBlob }: Source): SourceIndex {
  const sorted = entries
    .filter(({ mode }) => !FOLDER_MODES.has(mode))
    .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const byPath = new Map(sorted.map((entry) => [entry.path, entry]));
  const folders = new Set(['']);
  for (const { path } of sorted) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return {
    readBlob,
    entryAt: (path) => byPath.get(path) ?? null,
    isFolder: (path) => folders.has(path),
    entriesBelow: (folder) =>
      folder === '' ? sorted : sorted.slice(...rangeOf(sorted, `${folder}/`, `${folder}0`)),
  };
}

/** Indexes of the paths from one text up to another; `0` follows `/` in the order of characters. */
function rangeOf(sorted: readonly SourceEntry[], from: string, to: string): [number, number] {
  const firstNotBelow = (text: string) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]!.path < text) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [firstNotBelow(from), firstNotBelow(to)];
}

/**
 * Where a relative path leads, from a folder of the repository; '' is the repository itself. Throws NotRendered for a
 * path that is absolute, leaves the repository, or goes through a symbolic link or a submodule.
 */
export function resolvePath(index: SourceIndex, folder: string, text: string, namedIn: string): string {
  const what = `\`${shorten(namedIn, 200)}\` names \`${shorten(text)}\``;
  if (text.startsWith('/')) throw new NotRendered(`${what}, an absolute path`);
  if (/\p{Cc}/u.test(text)) throw new NotRendered(`${what}, which is no path`);
  const path = posix.join(folder, text).replace(/\/+$/, '').replace(/^\.$/, '');
  if (path === '..' || path.startsWith('../')) throw new NotRendered(`${what}, which leaves the repository`);
  refuseLinks(index, path, what);
  return path;
}

/** Throws NotRendered when the path, or a folder on the way to it, is a symbolic link or a submodule. */
export function refuseLinks(index: SourceIndex, path: string, what: string): void {
  for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
    const part = end < 0 ? path : path.slice(0, end);
    const mode = index.entryAt(part)?.mode;
    if (mode === '120000') throw new NotRendered(`${what}: \`${shorten(part, 200)}\` is a symbolic link`);
    if (mode === '160000') throw new NotRendered(`${what}: \`${shorten(part, 200)}\` is a submodule`);
    if (end < 0) return;
  }
}
