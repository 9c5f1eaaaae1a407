import { describeObject, readObject } from './git-reader.ts';
import { isSha, resolveRef } from './git-refs.ts';
import { isTreeMode, readTree } from './git-trees.ts';
import { writeObject } from './write-object.ts';

export interface GitTreeEntry {
  path: string;
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  sizeBytes: number | null;
}

export interface GitPerson {
  name: string;
  email: string;
  /** ISO 8601 */
  date: string;
}

/** A full SHA as it is, any other name resolved. @throws Error when it names nothing. */
export async function objectName(gitDir: string, name: string): Promise<string> {
  const sha = isSha(name) ? name : await resolveRef(gitDir, name);
  if (sha === null) throw new Error(`${gitDir} has nothing named ${JSON.stringify(name)}`);
  return sha;
}

/** The kind of an object (`blob`, `tree`, `commit`, `tag`), or null when the repository does not have it. */
export async function objectType(gitDir: string, sha: string): Promise<string | null> {
  if (!isSha(sha)) return null;
  return (await describeObject(gitDir, sha))?.type ?? null;
}

function typeOf(mode: string): GitTreeEntry['type'] {
  return isTreeMode(mode) ? 'tree' : mode === '160000' ? 'commit' : 'blob';
}

/** Entries of a tree; recursive ones include the trees themselves, as GitHub lists them. */
export async function listTree(gitDir: string, treeish: string, recursive: boolean): Promise<GitTreeEntry[]> {
  return treeEntries(gitDir, await objectName(gitDir, treeish), recursive, '');
}

async function treeEntries(
  gitDir: string,
  tree: string,
  recursive: boolean,
  folder: string,
): Promise<GitTreeEntry[]> {
  const lines = await readTree(gitDir, tree);
  const nested = await Promise.all(
    lines.map(async ({ mode, name, sha }) => {
      const type = typeOf(mode);
      const sizeBytes = type === 'blob' ? ((await describeObject(gitDir, sha))?.sizeBytes ?? null) : null;
      const path = folder + name;
      const entry: GitTreeEntry = { path, mode: mode.padStart(6, '0'), type, sha, sizeBytes };
      if (type !== 'tree' || !recursive) return [entry];
      return [entry, ...(await treeEntries(gitDir, sha, recursive, `${path}/`))];
    }),
  );
  return nested.flat();
}

/** Content of a blob. @throws Error when there is no blob of that SHA. */
export async function readBlob(gitDir: string, sha: string): Promise<Buffer> {
  if (!isSha(sha)) throw new Error(`not a full SHA: ${JSON.stringify(sha)}`);
  const found = await readObject(gitDir, sha);
  if (found?.type !== 'blob') throw new Error(`${gitDir} has no blob ${sha}`);
  return found.content;
}

/** Whether a path can stand in a git tree: relative, no empty part, no `.`, `..` or `.git`. */
export function isTreePath(path: string): boolean {
  if (path.includes('\0')) return false;
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part));
}

/** The tree entry at a path of a commit or a tree, or null. No process is started for it. */
export async function entryAt(
  gitDir: string,
  commitish: string,
  path: string,
): Promise<Omit<GitTreeEntry, 'sizeBytes'> | null> {
  if (!isTreePath(path)) return null;
  const sha = await objectName(gitDir, commitish);
  let found: { mode: string; sha: string } = { mode: '40000', sha };
  for (const part of path.split('/')) {
    const line =
      isTreeMode(found.mode) && (await readTree(gitDir, found.sha)).find((one) => one.name === part);
    if (!line) return null;
    found = line;
  }
  return { path, mode: found.mode.padStart(6, '0'), type: typeOf(found.mode), sha: found.sha };
}

/** Content of a path at a commit, or null when there is no file. */
export async function readFileAt(gitDir: string, commitish: string, path: string): Promise<Buffer | null> {
  const entry = await entryAt(gitDir, commitish, path);
  const blob = entry?.type === 'blob' ? await readObject(gitDir, entry.sha) : null;
  return blob?.type === 'blob' ? blob.content : null;
}

/** Writes a blob and gives its SHA. */
export function writeBlob(gitDir: string, content: Buffer | string): Promise<string> {
  return writeObject(gitDir, 'blob', Buffer.from(content));
}

/** A person as the header of a commit or a tag has it. @throws Error when the date is none. */
export function personLine(person: GitPerson): string {
  const seconds = Math.floor(Date.parse(person.date) / 1000);
  if (Number.isNaN(seconds)) throw new Error(`not a date: ${JSON.stringify(person.date)}`);
  // A name with these characters would forge further headers of the commit.
  const clean = (text: string) => text.replace(/[<>\n\r\0]/g, '').trim();
  return `${clean(person.name) || 'unknown'} <${clean(person.email)}> ${seconds} +0000`;
}

/** Writes a commit object (no ref moves) and gives its SHA. The message is kept as it is. */
export async function createCommit(
  gitDir: string,
  input: { tree: string; parents: string[]; message: string; author: GitPerson; committer: GitPerson },
): Promise<string> {
  const names = [input.tree, ...input.parents];
  const wrong = names.find((sha) => !isSha(sha));
  if (wrong !== undefined) throw new Error(`not a full SHA: ${JSON.stringify(wrong)}`);
  const headers = [
    `tree ${input.tree}`,
    ...input.parents.map((sha) => `parent ${sha}`),
    `author ${personLine(input.author)}`,
    `committer ${personLine(input.committer)}`,
  ];
  const content = `${headers.join('\n')}\n\n${input.message.replaceAll('\0', '')}`;
  return writeObject(gitDir, 'commit', Buffer.from(content));
}
