import { mergeText } from './merge-text.ts';
import type { FileEntry, Files, Objects, StoredCommit } from './objects.ts';

/** How commits follow each other. */
export interface History {
  /** The commit and all that it descends from. */
  ancestors(sha: string): ReadonlySet<string>;
  isAncestor(ancestor: string, sha: string): boolean;
  /** The newest commit that both hold; null when they have none in common. */
  mergeBase(one: string, other: string): string | null;
  /** Commits of `head` that `base` does not hold, oldest first. */
  ahead(base: string, head: string): StoredCommit[];
  /** Newest first, as `git log -- PATH` finds them. */
  log(sha: string, path: string): StoredCommit[];
  /** Files of the merge of two commits; null when they conflict. */
  merge(ours: string, theirs: string): Files | null;
}

export function makeHistory(objects: Objects): History {
  const known = new Map<string, ReadonlySet<string>>();
  const merges = new Map<string, Files | null>();

  const ancestors = (sha: string): ReadonlySet<string> => {
    const found = known.get(sha);
    if (found) return found;
    const all = new Set([sha]);
    for (const parent of objects.readCommit(sha).parents) {
      for (const each of ancestors(parent)) all.add(each);
    }
    known.set(sha, all);
    return all;
  };
  const isAncestor = (ancestor: string, sha: string) => ancestors(sha).has(ancestor);
  const mergeBase = (one: string, other: string) => {
    const common = [...ancestors(one)].filter((sha) => isAncestor(sha, other));
    const [first] = common.toSorted((a, b) => ancestors(b).size - ancestors(a).size);
    if (first === undefined || ancestors(first).size === common.length) return first ?? null;
    const best = common.filter((sha) => !common.some((each) => each !== sha && isAncestor(sha, each)));
    return best.map(objects.readCommit).toSorted(newestFirst)[0]?.sha ?? null;
  };
  const merge = (ours: string, theirs: string): Files | null => {
    const base = mergeBase(ours, theirs);
    const [was, mine, other] = [base, ours, theirs].map((sha) =>
      sha ? objects.readFiles(objects.readCommit(sha).treeSha) : new Map<string, FileEntry>(),
    ) as [Files, Files, Files];
    return mergeFiles(objects, was, mine, other);
  };

  return {
    ancestors,
    isAncestor,
    mergeBase,
    ahead: (base, head) =>
      [...ancestors(head)]
        .filter((sha) => !isAncestor(sha, base))
        .map(objects.readCommit)
        .toSorted((a, b) => ancestors(a.sha).size - ancestors(b.sha).size || a.atMs - b.atMs),
    log: (sha, path) => log(objects, sha, path),
    merge(ours, theirs) {
      const key = `${ours} ${theirs}`;
      const found = merges.get(key);
      if (found !== undefined) return found;
      const merged = merge(ours, theirs);
      merges.set(key, merged);
      return merged;
    },
  };
}

function newestFirst(a: StoredCommit, b: StoredCommit): number {
  return b.atMs - a.atMs;
}

/** History of a path, simplified: https://git-scm.com/docs/git-log#_history_simplification */
function log(objects: Objects, tip: string, path: string): StoredCommit[] {
  const found: StoredCommit[] = [];
  const seen = new Set([tip]);
  const queue = [objects.readCommit(tip)];
  const at = ({ treeSha }: StoredCommit) => objects.find(treeSha, path);
  const push = (commit: StoredCommit) => {
    if (seen.has(commit.sha)) return;
    seen.add(commit.sha);
    const index = queue.findIndex(({ atMs }) => atMs < commit.atMs);
    queue.splice(index === -1 ? queue.length : index, 0, commit);
  };
  for (let commit = queue.shift(); commit; commit = queue.shift()) {
    const is = at(commit);
    const parents = commit.parents.map(objects.readCommit);
    const same = parents.find((parent) => at(parent) === is);
    if (same) push(same);
    else {
      if (is !== null || parents.length > 0) found.push(commit);
      for (const parent of parents) push(parent);
    }
  }
  return found;
}

function mergeFiles(objects: Objects, was: Files, mine: Files, other: Files): Files | null {
  const merged = new Map<string, FileEntry>();
  for (const path of new Set([...was.keys(), ...mine.keys(), ...other.keys()])) {
    const [before, one, two] = [was.get(path), mine.get(path), other.get(path)];
    const is = mergeFile(objects, before, one, two);
    if (is === 'conflict') return null;
    if (is) merged.set(path, is);
  }
  return merged;
}

type Entry = FileEntry | undefined;

function mergeFile(objects: Objects, was: Entry, one: Entry, two: Entry): Entry | 'conflict' {
  if (isSame(one, two) || isSame(two, was)) return one;
  if (isSame(one, was)) return two;
  if (!one || !two || !was) return 'conflict';
  const [before, mine, other] = [was, one, two].map(({ sha }) => objects.texts.get(sha)!);
  const text = mergeText(before!, mine!, other!);
  return text === null ? 'conflict' : { mode: one.mode, sha: objects.addText(text) };
}

function isSame(one: Entry, other: Entry): boolean {
  return one?.sha === other?.sha && one?.mode === other?.mode;
}
