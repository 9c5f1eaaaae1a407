import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Output of a git command on a bare repository. */
export async function runGit(gitDir: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const { stdout } = await run('git', ['--git-dir', gitDir, ...args], { env, maxBuffer: MOST_OUTPUT_BYTES });
  return stdout;
}

/** All files of a branch, by path, as git holds them. */
export async function readFromGit(gitDir: string, branch: string): Promise<Record<string, string>> {
  const listing = await runGit(gitDir, ['ls-tree', '-r', '-z', '--name-only', `refs/heads/${branch}`]);
  const files: Record<string, string> = {};
  for (const path of listing.split('\0').filter((name) => name !== '')) {
    files[path] = await runGit(gitDir, ['cat-file', 'blob', `refs/heads/${branch}:${path}`]);
  }
  return files;
}

/** Lines that the branch has changed since a commit: `path: -old` and `path: +new`. */
export async function changedLines(
  gitDir: string,
  from: string,
  to: string,
): Promise<{ path: string; removed: string[]; added: string[] }[]> {
  const diff = await runGit(gitDir, ['diff', '--no-color', '--no-ext-diff', '--no-renames', '-U0', from, to]);
  return diff
    .split(/^diff --git /m)
    .slice(1)
    .map((part) => {
      const lines = part.split('\n');
      const path = /^\+\+\+ b\/(.*)$/m.exec(part)?.[1] ?? /^--- a\/(.*)$/m.exec(part)?.[1] ?? '';
      const body = lines.slice(lines.findIndex((line) => line.startsWith('@@')));
      return {
        path,
        removed: body.filter((line) => line.startsWith('-')).map((line) => line.slice(1)),
        added: body.filter((line) => line.startsWith('+')).map((line) => line.slice(1)),
      };
    });
}
