import { applyPatch } from 'diff';
import type { TreeEntry } from '../promotion/ports/git.ts';
import { blobSha } from './git-hash.ts';
import { foldersOf, hashFolders, mergeEntries, sortEntries } from './hash-folders.ts';

/** A file that a commit changed, as GitHub lists it. */
export interface ChangedFile {
  path: string;
  previousPath: string | null;
  status: string;
  /** Of the blob after it; of what is gone, the one before. */
  sha: string | null;
  patch: string | null;
}

/** A tree, and the new texts in it by the SHA of their blobs. */
export interface DerivedTree {
  entries: TreeEntry[];
  texts: Map<string, string>;
}

/**
 * The tree of a commit, out of that of its first parent and the files that it changed. Null when it is not certainly
 * that: the tree must have the name that the commit says, and each text that of its blob, so that what GitHub or anybody
 * on the way got wrong can never become content. `textOf` gives texts that are known.
 */
export function deriveTree(
  before: readonly TreeEntry[],
  files: readonly ChangedFile[],
  treeSha: string,
  textOf: (blobSha: string) => string | null,
): DerivedTree | null {
  const known = new Map(before.map((entry) => [entry.path, entry]));
  const gone = new Set<string>();
  const brought = new Map<string, TreeEntry>();
  const texts = new Map<string, string>();
  for (const file of files) {
    if (file.status === 'unchanged') continue;
    if (file.status === 'removed') gone.add(file.path);
    else {
      if (file.status === 'renamed' && file.previousPath !== null) gone.add(file.previousPath);
      const made = bring(file, known.get(file.previousPath ?? file.path) ?? null, textOf);
      if (!made) return null;
      brought.set(file.path, made.entry);
      if (made.text !== null) texts.set(made.entry.sha, made.text);
    }
  }
  const entries = place(before, gone, [...brought.values()], treeSha);
  return entries && { entries, texts };
}

/** The entries with the changes, when that is the tree of this name. */
function place(
  before: readonly TreeEntry[],
  gone: ReadonlySet<string>,
  brought: TreeEntry[],
  treeSha: string,
): TreeEntry[] | null {
  const touched = new Set([...gone, ...brought.map(({ path }) => path)]);
  const folders = new Set([...touched].flatMap(foldersOf));
  const kept = before.filter(
    ({ path, type }) => !touched.has(path) && !(type === 'tree' && folders.has(path)),
  );
  const { root, found } = hashFolders(folders, [...kept, ...brought]);
  return root === treeSha ? mergeEntries(kept, sortEntries([...brought, ...found])) : null;
}

/** Null when its size cannot be told, or its text is not what its name says. */
function bring(
  { path, sha, patch }: ChangedFile,
  old: TreeEntry | null,
  textOf: (blobSha: string) => string | null,
): { entry: TreeEntry; text: string | null } | null {
  if (sha === null || old?.type === 'tree') return null;
  const entry = { path, mode: old?.mode ?? '100644', type: old?.type ?? ('blob' as const), sha };
  if (old?.sha === sha) return { entry: { ...entry, sizeBytes: old.sizeBytes }, text: null };
  if (patch === null) return null;
  const oldText = old ? textOf(old.sha) : '';
  // What nobody has read yet is not needed as text.
  if (oldText === null) return { entry: { ...entry, sizeBytes: sizeAfter(old!, patch) }, text: null };
  const text = patched(oldText, patch);
  if (text === null) return null;
  const bytes = Buffer.from(text);
  return blobSha(bytes) === sha ? { entry: { ...entry, sizeBytes: bytes.length }, text } : null;
}

/** Null when the patch is not one of this text, or none at all. */
function patched(text: string, patch: string): string | null {
  try {
    return applyPatch(text, patch, { autoConvertLineEndings: false }) || null;
  } catch {
    return null;
  }
}

/** Size of a file that a patch was applied to; a line break at the very end may be missing. */
function sizeAfter({ sizeBytes }: TreeEntry, patch: string): number {
  const lines = patch.split('\n').filter((line) => !line.startsWith('@@'));
  const bytes = (sign: string) =>
    lines.filter((line) => line.startsWith(sign)).reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  return Math.max(0, sizeBytes + bytes('+') - bytes('-'));
}
