/**
 * What the local GitHub remembers beside git: everything that real GitHub keeps in its database.
 * Git objects and refs are not here: they live in real bare repositories on disk (git.ts).
 */

import type { CheckRun, CheckSuite, CommitStatus } from './state-checks.ts';
import type { Activity, Deployment, Environment } from './state-deployments.ts';
import type { Comment, Issue, IssueEvent, Label, Review, ReviewComment } from './state-discussion.ts';
import type { AutoMerge, BranchProtection, MergeMessages, QueueEntry, Ruleset } from './state-protection.ts';
import type { Truncation } from './truncation.ts';

export type { CheckRun, CheckSuite, CommitStatus } from './state-checks.ts';
export type { Activity, Deployment, DeploymentStatus, Environment } from './state-deployments.ts';
export type {
  Comment,
  Issue,
  IssueEvent,
  Label,
  Reaction,
  Review,
  ReviewComment,
  ReviewState,
} from './state-discussion.ts';

/** A GitHub role on a repository, weakest first in `ROLES`. */
export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export const ROLES: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export interface User {
  id: number;
  login: string;
  type: 'User' | 'Bot';
  /** Personal access tokens. A bot has none: it acts through installation tokens. */
  tokens: string[];
}

export interface Organization {
  id: number;
  login: string;
  teams: Map<string, Team>;
  members: Set<string>;
  /** Members who are `admin` on every repository. */
  owners?: Set<string>;
  rulesets?: Map<number, Ruleset>;
}

export interface Team {
  id: number;
  slug: string;
  name: string;
  members: Set<string>;
}

/** Permissions of an App or of one installation token, as in the GitHub manifest (`{contents: 'write'}`). */
export type Permissions = Record<string, 'read' | 'write'>;

export interface App {
  id: number;
  slug: string;
  name: string;
  /** PEM; the App signs its JWTs with the private half. */
  publicKeyPem: string;
  webhookUrl?: string;
  webhookSecret?: string;
  permissions: Permissions;
  events: string[];
  /** Login of the App's bot user: `${slug}[bot]`. */
  botLogin: string;
}

export interface Installation {
  id: number;
  appId: number;
  /** Login of the organisation or the user. */
  account: string;
  permissions: Permissions;
  suspendedAt: string | null;
  /** Only these repositories (`repository_selection: selected`); all of the account when left out. */
  repositoryIds?: number[];
}

export interface InstallationToken {
  token: string;
  installationId: number;
  permissions: Permissions;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Only these repositories; all of the account when left out. */
  repositoryIds?: number[];
}

export interface PullRequest {
  id: number;
  number: number;
  /** Login of whoever last pushed to the head: the last push must be approved by somebody else. */
  lastPusher: string;
  /** Branch name without `refs/heads/`. */
  headRef: string;
  /** `owner/name` of the head repository; another repository for a fork. */
  headRepository: string;
  headSha: string;
  baseRef: string;
  /** Tip of the base branch when the pull request was opened or last synchronised. */
  baseSha: string;
  draft: boolean;
  merged: boolean;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeCommitSha: string | null;
  requestedReviewers: string[];
  requestedTeams: string[];
  maintainerCanModify: boolean;
  /** Set while the pull request is to merge by itself. */
  autoMerge?: AutoMerge | null;
}

export interface Workflow {
  id: number;
  name: string;
  path: string;
}

export interface WorkflowRun {
  id: number;
  runNumber: number;
  workflowId: number;
  name: string;
  path: string;
  event: string;
  headBranch: string;
  headSha: string;
  /** The commit, as JSON gives it inside of other things. */
  headCommit: Record<string, unknown>;
  status: string;
  conclusion: string | null;
  actor: string;
  createdAt: string;
  updatedAt: string;
}

export interface Release {
  id: number;
  tagName: string;
  targetCommitish: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  author: string;
  createdAt: string;
  publishedAt: string | null;
}

export interface Repository {
  id: number;
  owner: string;
  name: string;
  /** `owner/name` */
  fullName: string;
  private: boolean;
  createdAt: string;
  /** When a ref last moved. */
  pushedAt: string;
  defaultBranch: string;
  /** Path of the bare git repository. */
  gitDir: string;
  /** Set until the first ref is made. */
  isEmpty?: boolean;
  /** `owner/name` of the repository this one was forked from. */
  forkOf: string | null;
  collaborators: Map<string, Role>;
  /** Team slug to role. */
  teams: Map<string, Role>;
  nextNumber: number;
  labels: Map<string, Label>;
  issues: Map<number, Issue>;
  pulls: Map<number, PullRequest>;
  comments: Map<number, Comment>;
  issueEvents: IssueEvent[];
  /** Numbers, first pinned first. */
  pinnedIssues: number[];
  reviewComments: Map<number, ReviewComment>;
  activity: Activity[];
  deployments: Map<number, Deployment>;
  environments: Map<string, Environment>;
  reviews: Map<number, Review>;
  checkRuns: Map<number, CheckRun>;
  checkSuites: Map<number, CheckSuite>;
  statuses: CommitStatus[];
  workflows: Map<number, Workflow>;
  workflowRuns: Map<number, WorkflowRun>;
  releases: Map<number, Release>;
  protections: Map<string, BranchProtection>;
  rulesets: Map<number, Ruleset>;
  /** Base branch to its merge queue, first in the queue first. */
  mergeQueues: Map<string, QueueEntry[]>;
  /** Ids of the first comments of the review threads that are resolved, and who did it. */
  resolvedThreads: Map<number, string>;
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  deleteBranchOnMerge: boolean;
  allowAutoMerge?: boolean;
  /** Those that GitHub gives a new repository when left out. */
  mergeMessages?: MergeMessages;
}

export interface Delivery {
  id: number;
  /** `X-GitHub-Delivery` */
  guid: string;
  event: string;
  action: string | null;
  appId: number;
  installationId: number | null;
  repository: string | null;
  deliveredAt: string;
  /** Whether it was sent again on request. */
  redelivery: boolean;
  /** `OK`, or what went wrong. */
  status: string;
  statusCode: number;
  durationMs: number;
  url: string;
  requestHeaders: Record<string, string>;
  payload: Record<string, unknown>;
  /** null when there was no answer. */
  responseHeaders: Record<string, string> | null;
  responseBody: string | null;
}

/** One answered API call. */
export interface Call {
  at: string;
  method: string;
  /** Path and query as requested, without `/api/v3`. */
  path: string;
  /** 0 when a fault let no answer through. */
  status: number;
  durationMs: number;
  /** `app:slug`, `installation:ID`, a login, or `anonymous`. */
  actor: string;
}

export interface State {
  users: Map<string, User>;
  organizations: Map<string, Organization>;
  apps: Map<number, App>;
  installations: Map<number, Installation>;
  installationTokens: Map<string, InstallationToken>;
  repositories: Map<string, Repository>;
  deliveries: Delivery[];
  calls: Call[];
  /** SHAs of the commits that GitHub made and signed itself (merges, commits of an App without author). */
  signedCommits: Set<string>;
  truncation: Truncation;
  /** Next id, shared by all kinds, so that no two things have the same id. */
  nextId: number;
}

/** Whoever makes a request. */
export type Actor =
  | { kind: 'app'; app: App }
  | {
      kind: 'installation';
      app: App;
      installation: Installation;
      permissions: Permissions;
      user: User;
      repositoryIds?: number[];
    }
  | { kind: 'user'; user: User }
  | { kind: 'anonymous' };
