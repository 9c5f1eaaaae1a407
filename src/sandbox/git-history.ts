import { type GitCommit, parseCommit } from './git-commit.ts';
import { type GitPerson, isTreePath, objectName } from './git-objects.ts';
import { readObject, remembered } from './git-reader.ts';
import { commonAncestor, walk, walkPath } from './git-walk.ts';
import { gitText, runGit } from './run-git.ts';

export type { GitCommit } from './git-commit.ts';

const FORMAT = '--format=tformat:%H%n%T%n%P%n%an%n%ae%n%at%n%cn%n%ce%n%ct%n%B';

function person(name = '', email = '', seconds = '0'): GitPerson {
  return { name, email, date: new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z') };
}

function parseCommits(text: string): GitCommit[] {
  return text
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => {
      const [sha = '', tree = '', parents = '', an, ae, at, cn, ce, ct, ...message] = record.split('\n');
      return {
        sha,
        tree,
        parents: parents === '' ? [] : parents.split(' '),
        message: message.join('\n').replace(/\n+$/, ''),
        author: person(an, ae, at),
        committer: person(cn, ce, ct),
      };
    });
}

/** One commit; its message without the line breaks at the end. @throws when there is no such commit. */
export async function readCommit(gitDir: string, sha: string): Promise<GitCommit> {
  const name = await objectName(gitDir, sha);
  const found = await readObject(gitDir, `${name}^{commit}`);
  if (found === null) throw new Error(`${gitDir} has no commit ${name}`);
  return parseCommit(found.sha, found.content);
}

export interface LogRange {
  include: string;
  exclude?: string;
  path?: string;
  limit?: number;
  skip?: number;
  /** Milliseconds since the epoch, compared with the commit date. */
  sinceMs?: number;
  untilMs?: number;
}

/** Commits, newest first. `range.exclude` leaves out what it reaches. */
export async function log(gitDir: string, range: LogRange): Promise<GitCommit[]> {
  const plain = await plainLog(gitDir, range);
  if (plain !== null) return plain;
  const args = ['log', '-z', FORMAT];
  if (range.limit !== undefined) args.push(`--max-count=${Math.floor(range.limit)}`);
  if (range.skip !== undefined) args.push(`--skip=${Math.floor(range.skip)}`);
  if (range.sinceMs !== undefined) args.push(`--since=${new Date(range.sinceMs).toISOString()}`);
  if (range.untilMs !== undefined) args.push(`--until=${new Date(range.untilMs).toISOString()}`);
  args.push(await objectName(gitDir, range.include));
  if (range.exclude !== undefined) args.push(`^${await objectName(gitDir, range.exclude)}`);
  args.push('--');
  if (range.path !== undefined && range.path !== '') args.push(range.path);
  return parseCommits(await gitText(gitDir, args));
}

/** The log without a git process, where history is short and plain; null where it is not. */
async function plainLog(gitDir: string, range: LogRange): Promise<GitCommit[] | null> {
  const { path = '', exclude, sinceMs, untilMs, skip = 0, limit = Number.POSITIVE_INFINITY } = range;
  if (sinceMs !== undefined || untilMs !== undefined) return null;
  if (path !== '' && (!isTreePath(path) || exclude !== undefined)) return null;
  const tip = await objectName(gitDir, range.include);
  const end = exclude === undefined ? null : await objectName(gitDir, exclude);
  const [first, last] = [Math.floor(skip), Math.floor(skip) + Math.floor(limit)];
  const commits = path === '' ? walk(gitDir, tip, end, last) : walkPath(gitDir, tip, path, last);
  return (await commits)?.slice(first, last) ?? null;
}

/** The best common ancestor, or null for unrelated histories. */
export async function mergeBase(gitDir: string, a: string, b: string): Promise<string | null> {
  const names = [await objectName(gitDir, a), await objectName(gitDir, b)].sort();
  const found = await remembered(gitDir, `merge-base ${names.join(' ')}`, async () => {
    const [first = '', second = ''] = names;
    const straight = await commonAncestor(gitDir, first, second);
    if (straight !== null) return { sha: straight };
    const { code, stdout } = await runGit(gitDir, ['merge-base', ...names], { expect: [0, 1] });
    return { sha: code === 0 ? stdout.toString('utf8').trim() : null };
  });
  return found.sha;
}

/** Whether `descendant` reaches `ancestor`; a commit is its own ancestor. */
export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  const [old, tip] = [await objectName(gitDir, ancestor), await objectName(gitDir, descendant)];
  if (old === tip) return true;
  return remembered(gitDir, `is-ancestor ${old} ${tip}`, async () => {
    const straight = await commonAncestor(gitDir, old, tip);
    if (straight !== null) return straight === old;
    return (await runGit(gitDir, ['merge-base', '--is-ancestor', old, tip], { expect: [0, 1] })).code === 0;
  });
}

type MergedTree = { clean: true; tree: string } | { clean: false; conflicts: string[] };

/** Three-way merge by `git merge-tree --write-tree`; unrelated histories do not merge. */
export async function mergeTree(gitDir: string, ours: string, theirs: string): Promise<MergedTree> {
  const names = [await objectName(gitDir, ours), await objectName(gitDir, theirs)];
  return remembered(gitDir, `merge-tree ${names.join(' ')}`, () => mergeCommits(gitDir, names));
}

async function mergeCommits(gitDir: string, names: string[]): Promise<MergedTree> {
  const [ours = '', theirs = ''] = names;
  const base = await mergeBase(gitDir, ours, theirs);
  if (base === null) return { clean: false, conflicts: [] };
  // One of them has all that the other has.
  const ahead = base === ours ? theirs : base === theirs ? ours : null;
  if (ahead !== null) return { clean: true, tree: (await readCommit(gitDir, ahead)).tree };
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ...names];
  const { code, stdout } = await runGit(gitDir, args, { expect: [0, 1] });
  const [tree = '', ...paths] = stdout.toString('utf8').split('\0');
  if (code === 0) return { clean: true, tree };
  return { clean: false, conflicts: paths.filter((path) => path !== '') };
}
