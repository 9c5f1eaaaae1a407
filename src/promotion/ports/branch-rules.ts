/** What protects a branch, as far as an App may read it. */
export interface BranchRules {
  /** What each active ruleset asks of the reviews of a pull request. */
  reviews: ReviewRule[];
  /** Classic protection is there, and what it asks of reviews only administrators may read. */
  isPartlyHidden: boolean;
}

export interface ReviewRule {
  approvals: number;
  wantsCodeOwners: boolean;
  /** Teams that must approve what matches their patterns, which are written as in a gitignore file. */
  teams: { patterns: string[]; approvals: number }[];
}

/** What protects branches, and who moves them. */
export interface BranchReader {
  /** What protects a branch; asked once by each reader. */
  readBranchRules(branch: string): Promise<BranchRules>;
  /** Login of who made a branch point at a commit; null when GitHub's recent activity does not tell. */
  readPusher(branch: string, sha: string): Promise<string | null>;
  /** Branches of the merge queue of a branch, with what they point at. */
  listQueueBranches(base: string): Promise<{ branch: string; sha: string }[]>;
}
