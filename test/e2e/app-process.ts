import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** `sluice ROLE` in a process of its own, as it is shipped. */
export interface AppProcess {
  /** Its log so far. */
  lines: Record<string, unknown>[];
  kill(signal: NodeJS.Signals): void;
  /** Resolves with its exit code; null: a signal ended it. */
  ended: Promise<number | null>;
}

export function runApp(role: 'start' | 'web' | 'worker', env: Record<string, string>): AppProcess {
  const { PATH, HOME } = process.env;
  const child: ChildProcess = spawn(process.execPath, [`${ROOT}/dist/cli/main.js`, role], {
    env: { PATH, HOME, LOG_LEVEL: 'info', PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => lines.push(JSON.parse(line)));
  return {
    lines,
    kill: (signal) => void child.kill(signal),
    ended: once(child, 'exit').then(([code]) => code as number | null),
  };
}
