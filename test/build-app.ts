import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import lockfile from 'proper-lockfile';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Compiles the app as it is shipped; two test files at once wait for each other. */
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
