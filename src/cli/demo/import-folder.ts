import { execFile } from 'node:child_process';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MOST_FILES = 50_000;

/**
 * Files of a folder, to be copied: what git tracks where it is a checkout, else every file. The folder is only read.
 * Symbolic links are left out, since they could point anywhere.
 */
export async function readFolder(folder: string): Promise<Record<string, Buffer>> {
  const paths = (await listTracked(folder)) ?? (await listAll(folder));
  if (paths.length > MOST_FILES)
    throw new Error(`${folder} has ${paths.length} files; the demo takes ${MOST_FILES}`);
  const files: Record<string, Buffer> = {};
  for (const path of paths) {
    const full = join(folder, path);
    const info = await lstat(full).catch(() => null);
    if (info?.isFile()) files[path] = await readFile(full);
  }
  if (Object.keys(files).length === 0) throw new Error(`${folder} holds no files`);
  return files;
}

/** Null when the folder is in no git checkout, or git tracks nothing of it. */
async function listTracked(folder: string): Promise<string[] | null> {
  try {
    const { stdout } = await run('git', ['-C', folder, 'ls-files', '-z'], { maxBuffer: 64 * 1024 * 1024 });
    const paths = stdout.split('\0').filter((path) => path !== '');
    return paths.length > 0 ? paths : null;
  } catch {
    return null;
  }
}

async function listAll(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').includes('.git'));
}
