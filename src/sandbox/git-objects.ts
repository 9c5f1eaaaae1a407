import { isSha, resolveRef } from './git-refs.ts';
import { gitText, runGit } from './run-git.ts';

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
  const { code, stdout } = await runGit(gitDir, ['cat-file', '-t', sha], { expect: [0, 128] });
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

/** Entries of a tree; recursive ones include the trees themselves, as GitHub lists them. */
export async function listTree(gitDir: string, treeish: string, recursive: boolean): Promise<GitTreeEntry[]> {
  const sha = await objectName(gitDir, treeish);
  const flags = recursive ? ['-r', '-t'] : [];
  const text = await gitText(gitDir, ['ls-tree', '-z', '-l', '--full-tree', ...flags, sha]);
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map(readTreeLine);
}

function readTreeLine(line: string): GitTreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
  const sizeBytes = size === '-' ? null : Number(size);
  return { path: line.slice(tab + 1), mode, type: type as GitTreeEntry['type'], sha, sizeBytes };
}

/** Content of a blob. @throws GitError when there is no blob of that SHA. */
export async function readBlob(gitDir: string, sha: string): Promise<Buffer> {
  if (!isSha(sha)) throw new Error(`not a full SHA: ${JSON.stringify(sha)}`);
  return (await runGit(gitDir, ['cat-file', 'blob', sha])).stdout;
}

/** Whether a path can stand in a git tree: relative, no empty part, no `.`, `..` or `.git`. */
export function isTreePath(path: string): boolean {
  if (path.includes('\0')) return false;
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part));
}

/** Content of a path at a commit, or null when there is no file. */
export async function readFileAt(gitDir: string, commitish: string, path: string): Promise<Buffer | null> {
  if (!isTreePath(path)) return null;
  const sha = await objectName(gitDir, commitish);
  const { code, stdout } = await runGit(gitDir, ['cat-file', 'blob', `${sha}:${path}`], { expect: [0, 128] });
  return code === 0 ? stdout : null;
}

/** Writes a blob and gives its SHA. */
export function writeBlob(gitDir: string, content: Buffer | string): Promise<string> {
  return gitText(gitDir, ['hash-object', '-w', '--stdin'], { input: content });
}

function personLine(person: GitPerson): string {
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
  return gitText(gitDir, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input: content });
}
