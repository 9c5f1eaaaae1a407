/** What the local GitHub remembers about who may change what: protection, rulesets, merge queues. */

/** Users by login, teams by slug, Apps by slug. */
export interface Allowed {
  users: string[];
  teams: string[];
  apps: string[];
}

/** Classic branch protection. https://docs.github.com/en/rest/branches/branch-protection#update-branch-protection */
export interface BranchProtection {
  requiredStatusChecks: { strict: boolean; checks: { context: string; appId: number | null }[] } | null;
  requiredReviews: {
    count: number;
    dismissStale: boolean;
    requireCodeOwners: boolean;
    requireLastPushApproval: boolean;
    /** Who may do without a pull request. */
    bypass: Allowed | null;
    /** Who may dismiss reviews; null for everyone with write access. */
    dismissal: Allowed | null;
  } | null;
  enforceAdmins: boolean;
  /** Who may push and merge; null for everyone with write access. */
  restrictions: Allowed | null;
  requiredLinearHistory: boolean;
  allowForcePushes: boolean;
  allowDeletions: boolean;
  blockCreations: boolean;
  requiredConversationResolution: boolean;
  requiredSignatures: boolean;
  lockBranch: boolean;
  allowForkSyncing: boolean;
}

/** One rule of a ruleset, with `type` and `parameters` as in GitHub's REST API. */
export interface Rule {
  type: string;
  parameters?: Record<string, unknown>;
}

export type BypassMode = 'always' | 'pull_request' | 'exempt';

export interface Ruleset {
  id: number;
  name: string;
  /** `owner/name`, or the login of the organisation. */
  source: string;
  sourceType: 'Repository' | 'Organization';
  enforcement: 'active' | 'disabled' | 'evaluate';
  /**
   * As in the API: `~DEFAULT_BRANCH`, `~ALL` or `refs/heads/...` patterns. Those of an organisation also
   * say which repositories, by name or by id.
   */
  conditions: {
    ref_name: { include: string[]; exclude: string[] };
    repository_name?: { include: string[]; exclude: string[] };
    repository_id?: { repository_ids: number[] };
  };
  rules: Rule[];
  bypassActors: { actor_id: number | null; actor_type: string; bypass_mode: BypassMode }[];
  createdAt: string;
  updatedAt: string;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** What the commits of merges say when nobody says it, as the settings of a repository name it. */
export interface MergeMessages {
  mergeTitle: 'PR_TITLE' | 'MERGE_MESSAGE';
  mergeBody: 'PR_TITLE' | 'PR_BODY' | 'BLANK';
  squashTitle: 'PR_TITLE' | 'COMMIT_OR_PR_TITLE';
  squashBody: 'PR_BODY' | 'COMMIT_MESSAGES' | 'BLANK';
}

/** A merge that happens by itself as soon as nothing stands in its way. */
export interface AutoMerge {
  enabledBy: string;
  enabledAt: string;
  method: MergeMethod;
  title: string | null;
  message: string | null;
  /** Head and base when it was switched on, or when a writer last pushed. */
  headSha: string;
  baseRef: string;
}

/** A pull request in the merge queue of its base branch. */
export interface QueueEntry {
  id: number;
  pullNumber: number;
  /** Login. */
  enqueuedBy: string;
  enqueuedAt: string;
  /** Head that was queued: another one leaves the queue. */
  pullHeadSha: string;
  /** What is tested: null until it is the entry's turn to be built. */
  group: MergeGroup | null;
}

export interface MergeGroup {
  /** `refs/heads/gh-readonly-queue/...` */
  ref: string;
  headSha: string;
  /** Base branch, or the head of the entry before. */
  baseSha: string;
  /** Milliseconds since the epoch. */
  requestedAtMs: number;
}
