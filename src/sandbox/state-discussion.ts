/** What the local GitHub remembers of what people say: issues, comments, labels, reviews. */

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
  lockReason?: string | null;
  reactions?: Reaction[];
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
  reactions: Reaction[];
}

export interface Reaction {
  id: number;
  user: string;
  content: string;
  createdAt?: string;
}

/** What happened to an issue or pull request, as `/issues/{number}/events` lists it. */
export interface IssueEvent {
  id: number;
  issueNumber: number;
  /** `closed`, `labeled`, `locked` ... */
  event: string;
  actor: string;
  createdAt: string;
  /** What the event is about: `{label: {...}}`, `{assignee: ...}`. */
  details: Record<string, unknown>;
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

/** A comment on the diff of a pull request. */
export interface ReviewComment {
  id: number;
  pullNumber: number;
  reviewId: number | null;
  user: string;
  body: string;
  path: string;
  /** Line of the file on its side; null for a comment on the whole file. */
  line: number | null;
  startLine: number | null;
  side: 'LEFT' | 'RIGHT';
  diffHunk: string;
  commitId: string;
  originalCommitId: string;
  /** First comment of the thread, when this one answers it. */
  inReplyToId: number | null;
  createdAt: string;
  updatedAt: string;
}
