import { spawn } from 'node:child_process';

export interface ProgramLimits {
  timeoutMs: number;
  /** Of standard output. */
  maxOutputBytes: number;
  /** Address space of each process, where the system can limit it. */
  maxMemoryBytes: number;
}

export type ProgramResult =
  | { ok: true; stdout: Buffer; durationMs: number }
  | { ok: false; reason: 'timeout' | 'output' | 'failed' | 'missing'; stderr: string; durationMs: number };

const MAX_ERROR_BYTES = 64 * 1024;

/** Sets what it can of the limits, then becomes the program. Not every system has each of them. */
const LIMITED = 'ulimit -c 0; ulimit -v "$1" 2>/dev/null; shift; exec "$@"';

/**
 * Runs a program that reads hostile input: in its own process group, which is killed as a whole when the time is over,
 * too much is printed, or the program is done and has left something behind.
 */
export function runProgram(
  command: readonly string[],
  { cwd, env, limits }: { cwd: string; env: Record<string, string>; limits: ProgramLimits },
): Promise<ProgramResult> {
  const startedMs = performance.now();
  const memoryKib = String(Math.floor(limits.maxMemoryBytes / 1024));
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', LIMITED, 'sh', memoryKib, ...command], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let [outputBytes, errorBytes] = [0, 0];
    let stopped: 'timeout' | 'output' | null = null;
    const stop = (reason: typeof stopped) => {
      stopped ??= reason;
      killGroup(child.pid);
    };
    const timer = setTimeout(stop, limits.timeoutMs, 'timeout');
    child.stdout.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (outputBytes > limits.maxOutputBytes) stop('output');
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errorBytes < MAX_ERROR_BYTES) errors.push(chunk);
      errorBytes += chunk.length;
    });
    child.once('exit', () => killGroup(child.pid));
    const finish = (code: number | null) => {
      clearTimeout(timer);
      const durationMs = performance.now() - startedMs;
      const stderr = Buffer.concat(errors).toString('utf8').slice(0, MAX_ERROR_BYTES);
      if (!stopped && code === 0) resolve({ ok: true, stdout: Buffer.concat(output), durationMs });
      // 126 and 127: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02
      else
        resolve({
          ok: false,
          reason: stopped ?? (code === 126 || code === 127 ? 'missing' : 'failed'),
          stderr,
          durationMs,
        });
    };
    child.once('error', () => finish(127));
    child.once('close', finish);
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}
