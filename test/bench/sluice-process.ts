import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Role } from '../../src/cli/start.ts';

/** `sluice` as it is shipped, in a process of its own. */
export interface SluiceProcess {
  /** Resolves with the first line of its log that says so. Only of what comes from now on. */
  said(message: string): Promise<Record<string, unknown>>;
  /** The memory that it holds now, in MB; Linux alone tells. */
  readMb(): Promise<number>;
  /** The most that it has held so far. */
  readPeakMb(): Promise<number>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** `all` is `sluice start`. The environment holds what start.ts reads, and nothing else. */
export function spawnSluice(role: Role, env: Record<string, string>): SluiceProcess {
  const child = spawn(process.execPath, [PROGRAM, role === 'all' ? 'start' : role], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = pidOf(child);
  const gone = once(child, 'exit');
  const waiting = new Set<(line: Record<string, unknown>) => void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (waiting.size === 0) return;
    const line = JSON.parse(text) as Record<string, unknown>;
    for (const hear of waiting) hear(line);
  });
  return {
    said: (message) =>
      new Promise((resolve, reject) => {
        const hear = (line: Record<string, unknown>) => {
          if (line.msg !== message) return;
          waiting.delete(hear);
          resolve(line);
        };
        waiting.add(hear);
        gone.then(() => reject(new Error(`sluice ended before it said "${message}"`)), reject);
      }),
    readMb: () => readStatusMb(pid, 'VmRSS'),
    readPeakMb: () => readStatusMb(pid, 'VmHWM'),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
async function readStatusMb(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1]) / 1024);
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('sluice could not be started');
  return pid;
}
