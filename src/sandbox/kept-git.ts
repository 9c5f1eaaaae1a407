import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { gitEnvironment } from './run-git.ts';

/** A git process that answers one request after the other: starting one takes longer than most answers. */
interface KeptGit {
  process: ChildProcessWithoutNullStreams;
  /** Settled when the last request is answered. */
  tail: Promise<unknown>;
}

const kept = new Map<string, KeptGit>();

/** Starts a git process on a repository that reads requests from its standard input. */
export function startGit(gitDir: string, args: string[]): ChildProcessWithoutNullStreams {
  const process = spawn('git', [`--git-dir=${gitDir}`, ...args], { env: gitEnvironment() });
  process.stderr.resume();
  process.stdin.on('error', () => undefined);
  keepAlive(process, false);
  return process;
}

/** A process that nobody waits for does not keep the program running. */
export function keepAlive(process: ChildProcessWithoutNullStreams, alive: boolean): void {
  for (const handle of [process, process.stdin, process.stdout, process.stderr]) {
    // Pipes to a child are sockets, whatever their type says.
    const { ref, unref } = handle as { ref?(): void; unref?(): void };
    (alive ? ref : unref)?.call(handle);
  }
}

/**
 * Asks the process of these arguments and gives its output up to `end`, which it prints when it is done.
 * @throws Error when the process ends instead.
 */
export function askGit(gitDir: string, args: string[], request: string, end: string): Promise<string> {
  const key = [gitDir, ...args].join('\0');
  const git = kept.get(key) ?? { process: startGit(gitDir, args), tail: Promise.resolve() };
  if (!kept.has(key)) {
    kept.set(key, git);
    const forget = () => kept.get(key) === git && kept.delete(key);
    git.process.once('error', forget).once('close', forget);
  }
  const answer = git.tail.then(() => converse(git.process, request, end));
  git.tail = answer.catch(() => undefined);
  return answer;
}

function converse(process: ChildProcessWithoutNullStreams, request: string, end: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const done = (settle: () => void) => {
      process.stdout.off('data', read);
      process.off('close', ended);
      keepAlive(process, false);
      settle();
    };
    const read = (chunk: Buffer) => {
      chunks.push(chunk);
      const tail = Buffer.concat(chunks.slice(-2));
      if (chunk.at(-1) !== 10 || !tail.toString('latin1').endsWith(end)) return;
      const text = Buffer.concat(chunks).toString('utf8');
      done(() => resolve(text.slice(0, -end.length)));
    };
    const ended = () => done(() => reject(new Error('git ended before it answered')));
    if (process.exitCode !== null || process.signalCode !== null) return ended();
    keepAlive(process, true);
    process.stdout.on('data', read);
    process.once('close', ended);
    process.stdin.write(request);
  });
}

/** Ends what was kept for repositories in the directory. */
export function closeKept(directory: string): void {
  for (const [key, { process }] of kept) {
    if (!key.startsWith(`${directory}/`)) continue;
    kept.delete(key);
    process.stdin.end();
  }
}
