import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Role } from '../../src/cli/start.ts';

/** `sluice` as it is shipped, in a process of its own. */
export interface SluiceProcess {
  pid: number;
  /** Resolves with the first line of its log that says so. Only of what comes from now on. */
  said(message: string): Promise<Record<string, unknown>>;
  /** The most memory that it has held so far, in MB; Linux alone tells. */
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
  const gone = once(child, 'exit');
  const waiting = new Set<(line: Record<string, unknown>) => void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (waiting.size === 0) return;
    const line = JSON.parse(text) as Record<string, unknown>;
    for (const hear of waiting) hear(line);
  });
  return {
    pid: pidOf(child),
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
    async readPeakMb() {
      const text = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Math.round(Number(/VmHWM:\s+(\d+)/.exec(text)?.[1]) / 1024);
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('sluice could not be started');
  return pid;
}
