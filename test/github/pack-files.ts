import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What git makes of some files: the name of their tree, and the archive of it that GitHub gives. */
export interface Packed {
  tree: string;
  archive: Buffer;
}

const packed = new Map<string, Packed>();

export function packFiles(files: Record<string, string>): Packed {
  const key = JSON.stringify(files);
  const made = packed.get(key) ?? pack(files);
  packed.set(key, made);
  return made;
}

function pack(files: Record<string, string>): Packed {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-pack-'));
  const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args]);
  try {
    git('init', '-q');
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    git('add', '-A');
    const tree = git('write-tree').toString().trim();
    return { tree, archive: git('archive', '--format=tar.gz', '--prefix=acme-gitops-aaaaaaa/', tree) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
