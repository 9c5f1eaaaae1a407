/** One entry of a recursive tree. */
export interface TreeEntry {
  path: string;
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  /** 0 for anything but a blob. */
  sizeBytes: number;
}

/** A file that a commit changed, against its first parent. */
export interface CommitFile {
  path: string;
  previousPath: string | null;
  /** Hunks of a unified diff; null when GitHub leaves them out (binary, large). */
  patch: string | null;
}

/** A commit as GitHub describes it. It never changes, so it may be kept for ever. */
export interface Commit {
  sha: string;
  /** Its page. */
  url: string;
  treeSha: string;
  parents: string[];
  message: string;
  /** Login of the account that GitHub links to the author; null when there is none. */
  authorLogin: string | null;
  /** The same for the committer; `web-flow` is GitHub itself. */
  committerLogin: string | null;
  authorName: string;
  /** ISO 8601, as the commit says: only to be believed when `isSluices`. */
  committedAt: string;
  /** True only when this App made the commit, which GitHub's signature proves; null while GitHub cannot tell. */
  isSluices: boolean | null;
  /** Null when GitHub may have left some out. */
  files: CommitFile[] | null;
}

export type FileEdit =
  | { path: string; content: string; mode: string }
  | { path: string; sha: string; mode: string }
  | { path: string; deleted: true };

/** A commit that one line of commits holds and another does not. */
export type AheadCommit = Pick<Commit, 'sha' | 'parents' | 'authorLogin'>;

/** A commit as a list of many shows it. */
export type Ancestor = Pick<Commit, 'sha' | 'parents' | 'message' | 'isSluices'>;

/** A move of a branch as GitHub recorded it, with GitHub's own time. */
export interface BranchMove {
  before: string;
  after: string;
  atMs: number;
  /** The branch was made, or lost commits: nothing of before tells what it holds since. */
  isRewrite: boolean;
}

/** Git data: what a SHA names never changes. */
export interface GitReader {
  /** The default branch and its tip; null when the repository has no commit yet. */
  readDefaultTip(): Promise<{ branch: string; commit: Commit } | null>;
  readCommit(sha: string): Promise<Commit>;
  /** Tip of a branch, whatever it may be; null when there is no such branch. */
  readBranch(branch: string): Promise<string | null>;
  /** Branches whose names begin like this, with their tips. */
  listBranches(prefix: string): Promise<{ branch: string; headSha: string }[]>;
  /** Recursive. */
  readTree(treeSha: string): Promise<TreeEntry[]>;
  /** Text of a blob; null when it is not UTF-8. */
  readText(blobSha: string): Promise<string | null>;
  /** The same of many, by their SHA. */
  readTexts(blobShas: readonly string[]): Promise<Map<string, string | null>>;
  /** SHA and text of a file at a commit or ref; null when there is none. The text is null when it is no UTF-8 or too large. */
  readFile(path: string, ref: string): Promise<{ sha: string; text: string | null } | null>;
  /** Newest first, at most `limit`. */
  listCommits(sha: string, path: string, limit: number): Promise<string[]>;
  /** A commit and those before it, the newest first: a page of at most 100. */
  listAncestors(sha: string, page: number): Promise<Ancestor[]>;
  /** Whether a commit of the default branch that says to be of that time (ISO 8601) or before changed the file. */
  wasChangedBefore(path: string, time: string): Promise<boolean>;
  /** Moves of a branch, newest first, back to `untilMs` at least; of a very busy branch the newest thousand. */
  listMoves(branch: string, untilMs: number): Promise<BranchMove[]>;
  /** Whether the one commit is the other or among its ancestors. */
  isAncestor(ancestor: string, sha: string): Promise<boolean>;
  /** The newest commit that both lines of commits hold. */
  readMergeBase(one: string, other: string): Promise<string>;
  /** Commits of the head that the base does not hold; null when they are more than several hundred. */
  listAhead(base: string, head: string): Promise<AheadCommit[] | null>;
}
