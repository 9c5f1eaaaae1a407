import { createHash } from 'node:crypto';
import type { TreeEntry } from '../../src/promotion/ports/git.ts';

/** Who made a commit; the account is what GitHub links to the address. */
export interface GitPerson {
  name: string;
  email: string;
}

export interface StoredCommit {
  sha: string;
  treeSha: string;
  parents: readonly string[];
  message: string;
  author: GitPerson;
  committer: GitPerson;
  atMs: number;
  /** GitHub made it, in the name of its author. */
  isSigned: boolean;
}

export interface FileEntry {
  mode: string;
  sha: string;
}

/** All files of a tree, by path. */
export type Files = ReadonlyMap<string, FileEntry>;

interface Node {
  mode: string;
  type: 'blob' | 'tree';
  sha: string;
}

/** Blobs, trees and commits by the SHA that git gives them. */
export interface Objects {
  texts: ReadonlyMap<string, string>;
  addText(text: string): string;
  addTree(files: Files): string;
  readFiles(treeSha: string): Files;
  /** Recursive, folders included. */
  readEntries(treeSha: string): TreeEntry[];
  /** SHA of a file or folder; null when there is none. */
  find(treeSha: string, path: string): string | null;
  addCommit(commit: Omit<StoredCommit, 'sha'>): StoredCommit;
  hasCommit(sha: string): boolean;
  /** @throws Error when there is no such commit. */
  readCommit(sha: string): StoredCommit;
}

export function makeObjects(): Objects {
  const texts = new Map<string, string>();
  const trees = new Map<string, ReadonlyMap<string, Node>>();
  const commits = new Map<string, StoredCommit>();
  const filesOf = new Map<string, Files>();
  const entriesOf = new Map<string, TreeEntry[]>();

  const readTree = (sha: string) => {
    const tree = trees.get(sha);
    if (!tree) throw new Error(`there is no tree ${sha}`);
    return tree;
  };
  const writeFolder = (files: Files, prefix: string): string => {
    const nodes = new Map<string, Node>();
    for (const [path, { mode, sha }] of files) {
      if (!path.startsWith(prefix)) continue;
      const [name, ...below] = path.slice(prefix.length).split('/') as [string, ...string[]];
      if (below.length === 0) nodes.set(name, { mode, type: 'blob', sha });
      else if (!nodes.has(name))
        nodes.set(name, { mode: '040000', type: 'tree', sha: writeFolder(files, `${prefix}${name}/`) });
    }
    const sorted = [...nodes].sort(([a, one], [b, other]) => (keyOf(a, one) < keyOf(b, other) ? -1 : 1));
    const content = sorted.flatMap(([name, { mode, sha }]) => [
      Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
      Buffer.from(sha, 'hex'),
    ]);
    const sha = hash('tree', Buffer.concat(content));
    trees.set(sha, new Map(sorted));
    return sha;
  };
  const walk = (sha: string, prefix: string): TreeEntry[] =>
    [...readTree(sha)].flatMap(([name, { mode, type, sha: child }]) => {
      const path = `${prefix}${name}`;
      const sizeBytes = type === 'blob' ? Buffer.byteLength(texts.get(child) ?? '') : 0;
      const entry: TreeEntry = { path, mode, type, sha: child, sizeBytes };
      return type === 'tree' ? [entry, ...walk(child, `${path}/`)] : [entry];
    });
  const readEntries = (treeSha: string) => {
    const entries = entriesOf.get(treeSha) ?? walk(treeSha, '');
    entriesOf.set(treeSha, entries);
    return entries;
  };

  return {
    texts,
    addText(text) {
      const sha = hash('blob', Buffer.from(text));
      texts.set(sha, text);
      return sha;
    },
    addTree: (files) => writeFolder(files, ''),
    readEntries,
    readFiles(treeSha) {
      const known = filesOf.get(treeSha);
      if (known) return known;
      const blobs = readEntries(treeSha).filter(({ type }) => type === 'blob');
      const files = new Map(blobs.map(({ path, mode, sha }) => [path, { mode, sha }]));
      filesOf.set(treeSha, files);
      return files;
    },
    find(treeSha, path) {
      let sha: string | null = treeSha;
      for (const name of path.split('/')) {
        sha = (sha && trees.get(sha)?.get(name)?.sha) ?? null;
      }
      return sha;
    },
    addCommit(commit) {
      const stored = { ...commit, sha: hash('commit', Buffer.from(textOf(commit))) };
      commits.set(stored.sha, stored);
      return stored;
    },
    hasCommit: (sha) => commits.has(sha),
    readCommit(sha) {
      const commit = commits.get(sha);
      if (!commit) throw new Error(`there is no commit ${sha}`);
      return commit;
    },
  };
}

/** Git sorts a folder as if its name ended in a slash. */
function keyOf(name: string, { type }: Node): string {
  return type === 'tree' ? `${name}/` : name;
}

/** https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function hash(type: string, content: Buffer): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}

function textOf({ treeSha, parents, author, committer, message, atMs }: Omit<StoredCommit, 'sha'>): string {
  const time = `${Math.floor(atMs / 1000)} +0000`;
  const by = ({ name, email }: GitPerson) => `${name} <${email}> ${time}`;
  const heads = [`tree ${treeSha}`, ...parents.map((parent) => `parent ${parent}`)];
  return `${[...heads, `author ${by(author)}`, `committer ${by(committer)}`].join('\n')}\n\n${message}`;
}
