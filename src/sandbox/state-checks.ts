/** What the local GitHub remembers of what programs say about commits: checks and statuses. */

export interface CheckRun {
  id: number;
  name: string;
  headSha: string;
  appId: number;
  suiteId: number;
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  externalId: string;
  detailsUrl: string | null;
  output: {
    title: string | null;
    summary: string | null;
    text: string | null;
    annotations: Record<string, unknown>[];
  };
  actions: { label: string; description: string; identifier: string }[];
}

export interface CheckSuite {
  id: number;
  appId: number;
  headSha: string;
  headBranch: string | null;
  /** Asked for again, and no run written since. */
  isReset?: boolean;
  /** The commit, as JSON gives it inside of other things. */
  headCommit: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
}

export interface CommitStatus {
  id: number;
  sha: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  context: string;
  description: string | null;
  targetUrl: string | null;
  creator: string;
  createdAt: string;
  updatedAt: string;
}
