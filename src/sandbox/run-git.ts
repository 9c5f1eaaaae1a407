import { spawn } from 'node:child_process';

/** Forty zeros: how git and GitHub write "no object". */
export const ZERO_SHA = '0'.repeat(40);

/** The tree without entries, which git knows without having it. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export interface GitResult {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** A git command that ended in a way that its caller did not expect. */
class GitError extends Error {
  readonly code: number;
  constructor(args: string[], result: GitResult) {
    super(`git ${args[0]} ended with ${result.code}: ${result.stderr.trim() || 'no message'}`);
    this.code = result.code;
  }
}

/**
 * The environment of every git process: nothing of the user's configuration, no prompt,
 * and paths taken literally, so that a path of a hostile repository is never a pattern.
 */
export function gitEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('GIT_'),
  );
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    ...extra,
  };
}

export interface GitOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
  /** Exit codes that are answers, not failures; 0 alone by default. */
  expect?: number[];
}

/** Runs git on a bare repository, without a shell. @throws GitError for an exit code that is not expected. */
export function runGit(gitDir: string, args: string[], options: GitOptions = {}): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-c', 'gc.auto=0', `--git-dir=${gitDir}`, ...args], {
      env: gitEnvironment(options.env),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const result = {
        code: code ?? -1,
        stdout: Buffer.concat(out),
        stderr: Buffer.concat(err).toString('utf8'),
      };
      if ((options.expect ?? [0]).includes(result.code)) resolve(result);
      else reject(new GitError(args, result));
    });
    // git may end before it has read all its input; the exit code then tells why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** Standard output of a git command as text without the last line break. */
export async function gitText(gitDir: string, args: string[], options: GitOptions = {}): Promise<string> {
  const { stdout } = await runGit(gitDir, args, options);
  return stdout.toString('utf8').replace(/\n$/, '');
}
