import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import lockfile from 'proper-lockfile';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** `sluice ROLE` in a process of its own, as it is shipped. */
export interface AppProcess {
  /** Its log so far. */
  lines: Record<string, unknown>[];
  kill(signal: NodeJS.Signals): void;
  /** Resolves with its exit code; null: a signal ended it. */
  ended: Promise<number | null>;
}

/** Compiles the app; two test files at once wait for each other. */
export async function buildApp(): Promise<void> {
  await mkdir(`${ROOT}/dist`, { recursive: true });
  const release = await lockfile.lock(`${ROOT}/dist`, {
    retries: { retries: 600, minTimeout: 100, maxTimeout: 100 },
  });
  try {
    const compiler = `${ROOT}/node_modules/typescript/bin/tsc`;
    await promisify(execFile)(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: ROOT });
  } finally {
    await release();
  }
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
