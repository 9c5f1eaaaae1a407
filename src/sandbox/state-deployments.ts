/** What the local GitHub remembers of what moved and what was deployed. */

/** One move of a branch, as GitHub's own clock and login saw it: nothing of it comes from the commit. */
export interface Activity {
  id: number;
  ref: string;
  before: string | null;
  after: string | null;
  actor: string;
  type: ActivityType;
  timestamp: string;
}

type ActivityType =
  | 'push'
  | 'force_push'
  | 'branch_creation'
  | 'branch_deletion'
  | 'pr_merge'
  | 'merge_queue_merge';

type DeploymentState = 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success';

export interface DeploymentStatus {
  id: number;
  state: DeploymentState;
  description: string;
  environment: string;
  environmentUrl: string;
  logUrl: string;
  creator: string;
  appId: number | null;
  createdAt: string;
}

export interface Deployment {
  id: number;
  sha: string;
  ref: string;
  task: string;
  payload: Record<string, unknown> | string;
  environment: string;
  description: string | null;
  transient: boolean;
  production: boolean;
  creator: string;
  appId: number | null;
  createdAt: string;
  updatedAt: string;
  /** Oldest first. */
  statuses: DeploymentStatus[];
}

/** A deployment environment of a repository, with its protection rules. */
export interface Environment {
  id: number;
  name: string;
  createdAt: string;
  updatedAt: string;
  waitTimerMinutes: number;
  preventSelfReview: boolean;
  reviewers: { type: 'User' | 'Team'; id: number }[];
  branchPolicy: { protected_branches: boolean; custom_branch_policies: boolean } | null;
}
