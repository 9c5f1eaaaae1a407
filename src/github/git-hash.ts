import { createHash, type Hash } from 'node:crypto';

/** An entry of one folder. */
export interface FolderEntry {
  name: string;
  /** As GitHub writes it: six digits. */
  mode: string;
  sha: string;
}

/** The name of a file's content; so whoever gives it cannot give another. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobSha(bytes: Buffer): string {
  return startBlob(bytes.length).update(bytes).digest('hex');
}

/** A hash that becomes a blob's name once it was given all of its bytes. */
export function startBlob(sizeBytes: number): Hash {
  return createHash('sha1').update(`blob ${sizeBytes}\0`);
}

/** The name of a folder with exactly these entries. */
export function treeSha(entries: readonly FolderEntry[]): string {
  const named = entries.map((entry) => ({ ...entry, bytes: Buffer.from(entry.name) }));
  const sorted = named
    .map((entry) => ({ ...entry, key: isFolder(entry) ? Buffer.from(`${entry.name}/`) : entry.bytes }))
    .sort((one, other) => Buffer.compare(one.key, other.key));
  const parts = sorted.flatMap(({ mode, bytes, sha }) => [
    Buffer.from(`${mode.replace(/^0/, '')} `),
    bytes,
    Buffer.of(0),
    Buffer.from(sha, 'hex'),
  ]);
  const content = Buffer.concat(parts);
  return createHash('sha1').update(`tree ${content.length}\0`).update(content).digest('hex');
}

function isFolder({ mode }: FolderEntry): boolean {
  return mode === FOLDER_MODE;
}

export const FOLDER_MODE = '040000';
