import { once } from 'node:events';
import { Parser, type ReadEntry } from 'tar';
import type { TreeEntry } from '../promotion/ports/git.ts';
import { decodeText } from './decode-text.ts';
import { startBlob } from './git-hash.ts';
import { foldersOf, hashFolders, sortEntries } from './hash-folders.ts';

/** More than any repository of manifests has; a repository of other things is not for the sake of a few of them. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Larger files hold no values that anybody promotes. */
const MOST_TEXT_BYTES = 2_000_000;
const MODES = { file: '100644', executable: '100755', link: '120000' };

/** What an archive holds, and the name of the tree that it would be. */
export interface Archive {
  root: string;
  entries: TreeEntry[];
}

/**
 * Reads what `git archive` made of a commit, one file at a time. Each text goes to `keep` under the name that its bytes
 * have, so that nothing can come under the name of something else; null is what is no text. What an archive leaves out
 * or changes (`export-ignore`, `export-subst`, submodules, large files) makes its root another one than the commit's.
 *
 * https://git-scm.com/docs/git-archive#ATTRIBUTES
 *
 * @returns null when it is too large
 * @throws when it is cut off, or no archive
 */
export async function readArchive(
  body: AsyncIterable<Uint8Array>,
  keep: (blobSha: string, text: string | null) => void,
  mostBytes = MOST_BYTES,
): Promise<Archive | null> {
  const files: TreeEntry[] = [];
  const parser = new Parser({ strict: true });
  const state = { sizeBytes: 0, error: null as Error | null };
  parser.on('error', (error: Error) => {
    state.error ??= error;
  });
  parser.on('entry', (entry: ReadEntry) => {
    state.sizeBytes += entry.size;
    if (state.error || state.sizeBytes > mostBytes) entry.resume();
    else readEntry(entry, files, keep);
  });
  const ended = once(parser, 'end');
  // It fails together with the parser, which is looked at below.
  ended.catch(() => {});
  for await (const chunk of body) {
    const wantsMore = parser.write(chunk);
    if (state.error) throw state.error;
    if (state.sizeBytes > mostBytes) return null;
    if (!wantsMore) await once(parser, 'drain');
  }
  parser.end();
  if (state.error) throw state.error;
  await ended;
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
  const { root, found } = hashFolders(folders, files);
  return { root, entries: sortEntries([...files, ...found]) };
}

function readEntry(
  entry: ReadEntry,
  files: TreeEntry[],
  keep: (blobSha: string, text: string | null) => void,
): void {
  // All is in one folder, which GitHub names by the commit.
  const path = entry.path.slice(entry.path.indexOf('/') + 1);
  if (entry.type === 'SymbolicLink') {
    const target = Buffer.from(entry.linkpath ?? '');
    const sha = startBlob(target.length).update(target).digest('hex');
    files.push({ path, mode: MODES.link, type: 'blob', sha, sizeBytes: target.length });
  }
  if (entry.type !== 'File' && entry.type !== 'OldFile') {
    entry.resume();
    return;
  }
  const { size: sizeBytes } = entry;
  const mode = ((entry.mode ?? 0) & 0o100) === 0 ? MODES.file : MODES.executable;
  const hash = startBlob(sizeBytes);
  const chunks: Buffer[] = [];
  entry.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    if (sizeBytes <= MOST_TEXT_BYTES) chunks.push(chunk);
  });
  entry.on('end', () => {
    const sha = hash.digest('hex');
    files.push({ path, mode, type: 'blob', sha, sizeBytes });
    if (sizeBytes <= MOST_TEXT_BYTES) keep(sha, decodeText(Buffer.concat(chunks)));
  });
}
