import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { shorten } from '../yaml-file.ts';
import { NotRendered } from './source.ts';

export interface Workspace {
  /** The repository, as far as it is needed. */
  repository: string;
  /** Empty, for what a program wants to write. */
  home: string;
}

/** Lends a temporary folder that holds the files, and nothing else of the machine; it is gone afterwards. */
export async function withWorkspace<T>(
  files: readonly { path: string; bytes: Uint8Array }[],
  use: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-render-')).catch(refuse);
  try {
    const workspace = { repository: join(folder, 'repository'), home: join(folder, 'home') };
    await fill(workspace, files).catch(refuse);
    return await use(workspace);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill({ repository, home }: Workspace, files: Parameters<typeof writeFiles>[1]): Promise<void> {
  await mkdir(repository);
  await mkdir(home);
  await writeFiles(repository, files);
}

/** Errors that come from the paths themselves; all others, a full disk above all, come from the machine. */
const OF_PATHS = new Set(['ENAMETOOLONG', 'ENOTDIR', 'EISDIR', 'EEXIST', 'EINVAL', 'EILSEQ']);

function refuse(error: unknown): never {
  const code = typeof error === 'object' && error && 'code' in error ? String(error.code) : null;
  if (code === null) throw error;
  throw new NotRendered(`its files could not be written (${code})`, { isTransient: !OF_PATHS.has(code) });
}

async function writeFiles(
  repository: string,
  files: readonly { path: string; bytes: Uint8Array }[],
): Promise<void> {
  const made = new Set<string>();
  for (const { path, bytes } of files) {
    // Git keeps such names out of its trees; who knows what a tree was made with.
    if (path.split('/').some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
      throw new NotRendered(`\`${shorten(path, 200)}\` is no path`);
    }
    const file = join(repository, path);
    const folder = dirname(file);
    if (!made.has(folder)) await mkdir(folder, { recursive: true });
    made.add(folder);
    // Never a program, whatever its mode says.
    await writeFile(file, bytes, { mode: 0o644, flag: 'wx' });
  }
}
