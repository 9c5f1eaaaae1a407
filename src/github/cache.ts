import { LRUCache } from 'lru-cache';
import type { Commit, TreeEntry } from '../promotion/ports/git.ts';
import type { ChangedFile } from './derive-tree.ts';

/** A commit with what the derivation of its tree needs. */
export interface KeptCommit extends Commit {
  /** Against its first parent; null when GitHub may have left some out. */
  changed: ChangedFile[] | null;
}

/**
 * What never changes on GitHub: git objects by their SHA. Kept for each process, bounded, and safe to lose.
 * Keys carry the repository, since seeing an object in one does not mean seeing it in another.
 */
export interface ObjectCache {
  texts: LRUCache<string, { text: string | null }>;
  commits: LRUCache<string, KeptCommit>;
  trees: LRUCache<string, TreeEntry[]>;
  /** Repositories of which an archive was read, and what came of it. */
  unpacked: LRUCache<string, 'done' | 'failed'>;
  /** Whether a commit is among the ancestors of another. */
  ancestry: LRUCache<string, boolean>;
  /** The latest commits that touch a path, as of a commit. */
  histories: LRUCache<string, string[]>;
  /** The newest commit that two lines of commits hold, by its SHA. */
  mergeBases: LRUCache<string, string>;
}

const TEXTS_BYTES = 64 * 1024 * 1024;
const COMMITS = 5_000;
const TREE_ENTRIES = 500_000;
const REPOSITORIES = 10_000;
const ANCESTRIES = 20_000;
const HISTORY_COMMITS = 200_000;
const MERGE_BASES = 5_000;

export function makeObjectCache(): ObjectCache {
  return {
    texts: new LRUCache({ maxSize: TEXTS_BYTES, sizeCalculation: ({ text }) => (text?.length ?? 0) + 100 }),
    commits: new LRUCache({ max: COMMITS }),
    unpacked: new LRUCache({ max: REPOSITORIES }),
    ancestry: new LRUCache({ max: ANCESTRIES }),
    histories: new LRUCache({
      maxSize: HISTORY_COMMITS,
      sizeCalculation: (commits) => commits.length + 1,
    }),
    mergeBases: new LRUCache({ max: MERGE_BASES }),
    trees: new LRUCache({ maxSize: TREE_ENTRIES, sizeCalculation: (entries) => entries.length + 1 }),
  };
}
