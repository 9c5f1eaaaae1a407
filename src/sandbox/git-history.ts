import { type GitPerson, objectName } from './git-objects.ts';
import { gitText, runGit } from './run-git.ts';

export interface GitCommit {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  author: GitPerson;
  committer: GitPerson;
}

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
  const [commit] = parseCommits(await gitText(gitDir, ['log', '-z', '-1', FORMAT, name, '--']));
  if (commit === undefined) throw new Error(`${gitDir} has no commit ${name}`);
  return commit;
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

/** The best common ancestor, or null for unrelated histories. */
export async function mergeBase(gitDir: string, a: string, b: string): Promise<string | null> {
  const names = [await objectName(gitDir, a), await objectName(gitDir, b)];
  const { code, stdout } = await runGit(gitDir, ['merge-base', ...names], { expect: [0, 1] });
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

/** Whether `descendant` reaches `ancestor`; a commit is its own ancestor. */
export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  const names = [await objectName(gitDir, ancestor), await objectName(gitDir, descendant)];
  return (await runGit(gitDir, ['merge-base', '--is-ancestor', ...names], { expect: [0, 1] })).code === 0;
}

/** Three-way merge by `git merge-tree --write-tree`; unrelated histories do not merge. */
export async function mergeTree(
  gitDir: string,
  ours: string,
  theirs: string,
): Promise<{ clean: true; tree: string } | { clean: false; conflicts: string[] }> {
  if ((await mergeBase(gitDir, ours, theirs)) === null) return { clean: false, conflicts: [] };
  const names = [await objectName(gitDir, ours), await objectName(gitDir, theirs)];
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ...names];
  const { code, stdout } = await runGit(gitDir, args, { expect: [0, 1] });
  const [tree = '', ...paths] = stdout.toString('utf8').split('\0');
  if (code === 0) return { clean: true, tree };
  return { clean: false, conflicts: paths.filter((path) => path !== '') };
}
