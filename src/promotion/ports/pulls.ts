import type { ReviewFact } from '../../domain/gates/facts.ts';
import type { Role } from '../../domain/role.ts';
import type { Commit } from './git.ts';

export interface Pull {
  number: number;
  url: string;
  title: string;
  body: string;
  /** Branch of the head, without `refs/heads/`. */
  branch: string;
  headSha: string;
  /** Branch that it wants to change. */
  base: string;
  isOpen: boolean;
  isMerged: boolean;
  /** Commit on the base branch that its merge made. */
  mergeCommitSha: string | null;
  /** The App wrote it, from a branch of the repository itself. */
  isSluices: boolean;
  /** Its branch is in another repository, or in one that is gone. */
  isFromFork: boolean;
  author: string;
  labels: string[];
}

/** A pull request as GitHub describes it alone. */
export interface PullDetail extends Pull {
  /** Null while GitHub computes it. */
  mergeable: boolean | null;
  /** Protection lets only heads merge that hold the latest base, and this one does not. */
  isBehind: boolean;
}

export interface Comment {
  id: number;
  url: string;
  /** Number of the issue or pull request. */
  issue: number;
  author: string;
  isBot: boolean;
  /** The App itself wrote it. */
  isSluices: boolean;
  body: string;
  createdAt: string;
  isEdited: boolean;
}

/** A comment as a list of all comments of a repository shows it. */
export interface ListedComment extends Comment {
  /** ISO 8601, by GitHub's clock. */
  updatedAt: string;
  /** Somebody reacted to it as the App does when it has ended its work on a comment. Whether the App did, `hasAnswered` tells. */
  hasVerdict: boolean;
}

/** Pull requests, what people said on them, and who these people are. */
export interface PullReader {
  listOpenPulls(): Promise<Pull[]>;
  /** Closed, of a branch of this repository, newest first; the newest `most`, at most 100. */
  listClosedPulls(branch: string, most: number): Promise<Pull[]>;
  /** Whether the App closed it last, itself or by deleting its branch. */
  wasClosedBySluice(number: number): Promise<boolean>;
  /** Merged or not, that contain the commit. */
  listPullsOfCommit(sha: string): Promise<Pull[]>;
  /** Null when the number is that of an issue, or of nothing. */
  readPull(number: number): Promise<PullDetail | null>;
  listPullFiles(number: number): Promise<string[]>;
  /** Oldest first; GitHub lists at most 250. */
  listPullCommits(number: number): Promise<Pick<Commit, 'sha' | 'authorLogin' | 'committerLogin'>[]>;
  listReviews(number: number): Promise<ReviewFact[]>;
  listComments(number: number): Promise<Comment[]>;
  /**
   * Comments on all issues and pull requests of the repository that were last changed at `since` (ISO 8601) or later,
   * the longest unchanged first: a page of at most 100.
   */
  listChangedComments(since: string, page: number): Promise<ListedComment[]>;
  readComment(id: number): Promise<Comment | null>;
  /** Whether the App has ended its work on a comment with a reaction. */
  hasAnswered(commentId: number): Promise<boolean>;
  readRole(login: string): Promise<Role>;
  isTeamMember(organization: string, slug: string, login: string): Promise<boolean>;
}
