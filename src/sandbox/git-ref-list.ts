import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Listed {
  mtimeMs: number;
  /** Names of folders in it, and its own refs with what they name. */
  folders: string[];
  refs: [name: string, sha: string][];
}

/** A folder that changed so recently may change again without another date. */
const UNSETTLED_MS = 100;
const MAX_FOLDERS = 2000;

/** Git renames a file into the folder for each change, so the folder's date tells whether to read it again. */
const known = new Map<string, Listed>();

/**
 * Refs of a bare repository below a folder such as `refs/heads`, sorted: loose ones first, then what is only packed.
 * https://git-scm.com/docs/git-pack-refs
 */
export function readRefs(gitDir: string, folder: string): { ref: string; sha: string }[] {
  const refs = new Map<string, string>();
  for (const line of readText(join(gitDir, 'packed-refs')).split('\n')) {
    const [sha = '', ref = ''] = line.split(' ');
    if (/^[0-9a-f]{40}$/.test(sha) && ref.startsWith(`${folder}/`)) refs.set(ref, sha);
  }
  readLoose(gitDir, folder, refs);
  return [...refs].map(([ref, sha]) => ({ ref, sha })).sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

function readLoose(gitDir: string, folder: string, refs: Map<string, string>): void {
  const listed = listFolder(join(gitDir, folder));
  if (listed === null) return;
  for (const [name, sha] of listed.refs) refs.set(`${folder}/${name}`, sha);
  for (const name of listed.folders) readLoose(gitDir, `${folder}/${name}`, refs);
}

function listFolder(path: string): Listed | null {
  try {
    const { mtimeMs } = statSync(path);
    const before = known.get(path);
    if (before?.mtimeMs === mtimeMs) return before;
    const listed = readFolder(path, mtimeMs);
    known.delete(path);
    if (Date.now() - mtimeMs > UNSETTLED_MS) known.set(path, listed);
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size > MAX_FOLDERS) known.delete(oldest);
    return listed;
  } catch {
    // Not there, or gone while it was read.
    return null;
  }
}

function readFolder(path: string, mtimeMs: number): Listed {
  const listed: Listed = { mtimeMs, folders: [], refs: [] };
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) listed.folders.push(entry.name);
    else if (!entry.name.endsWith('.lock')) {
      const sha = readText(join(path, entry.name)).trim();
      if (/^[0-9a-f]{40}$/.test(sha)) listed.refs.push([entry.name, sha]);
    }
  }
  return listed;
}

/** Empty for what is not there, or gone while the folder was read. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
