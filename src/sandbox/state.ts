/**
 * What the local GitHub remembers beside git: everything that real GitHub keeps in its database.
 * Git objects and refs are not here: they live in real bare repositories on disk (git.ts).
 */

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

export interface Label {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

/** An issue, or the issue half of a pull request (they share numbers, labels and comments). */
export interface Issue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  user: string;
  state: 'open' | 'closed';
  labels: string[];
  assignees: string[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: string | null;
  isPullRequest: boolean;
  locked: boolean;
  /** App id when an App opened it (`performed_via_github_app`). */
  appId: number | null;
}

export interface Comment {
  id: number;
  issueNumber: number;
  user: string;
  body: string;
  createdAt: string;
  updatedAt: string;
  /** App id when an App wrote it (`performed_via_github_app`). */
  appId: number | null;
  reactions: { id: number; user: string; content: string }[];
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
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';

export interface Review {
  id: number;
  pullNumber: number;
  user: string;
  state: ReviewState;
  body: string;
  commitId: string;
  submittedAt: string;
}

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

/** Classic branch protection: the part of it that the sandbox enforces. */
export interface BranchProtection {
  requiredStatusChecks: { strict: boolean; checks: { context: string; appId: number | null }[] } | null;
  requiredReviews: {
    count: number;
    dismissStale: boolean;
    requireCodeOwners: boolean;
    requireLastPushApproval: boolean;
  } | null;
  enforceAdmins: boolean;
}

/** One rule of a ruleset, with `type` and `parameters` as in GitHub's REST API. */
export interface Rule {
  type: string;
  parameters?: Record<string, unknown>;
}

export interface Ruleset {
  id: number;
  name: string;
  enforcement: 'active' | 'disabled' | 'evaluate';
  /** As in the API: `~DEFAULT_BRANCH`, `~ALL` or `refs/heads/...` patterns. */
  conditions: { ref_name: { include: string[]; exclude: string[] } };
  rules: Rule[];
  bypassActors: { actor_id: number | null; actor_type: string; bypass_mode: 'always' | 'pull_request' }[];
}

export interface Repository {
  id: number;
  owner: string;
  name: string;
  /** `owner/name` */
  fullName: string;
  private: boolean;
  defaultBranch: string;
  /** Path of the bare git repository. */
  gitDir: string;
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
  reviews: Map<number, Review>;
  checkRuns: Map<number, CheckRun>;
  checkSuites: Map<number, CheckSuite>;
  statuses: CommitStatus[];
  workflows: Map<number, Workflow>;
  workflowRuns: Map<number, WorkflowRun>;
  releases: Map<number, Release>;
  protections: Map<string, BranchProtection>;
  rulesets: Map<number, Ruleset>;
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  deleteBranchOnMerge: boolean;
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
  status: string;
  statusCode: number;
  durationMs: number;
  payload: Record<string, unknown>;
}

/** One answered API call. */
export interface Call {
  at: string;
  method: string;
  /** Path and query as requested, without `/api/v3`. */
  path: string;
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
