import type { Build } from '../domain/build.ts';
import type { CheckFact, ReviewFact } from '../domain/gates/facts.ts';
import type { Known } from '../domain/gates/gate.ts';
import type { HealthReport } from '../domain/health-report.ts';
import type { Role } from '../domain/role.ts';
import type { BuildSource, MergeMethod } from '../domain/settings.ts';

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

/** A move of a branch as GitHub recorded it, with GitHub's own time. */
export interface BranchMove {
  before: string;
  after: string;
  atMs: number;
  /** The branch was made, or lost commits: nothing of before tells what it holds since. */
  isRewrite: boolean;
}

/** A report of health, of a commit that is known. */
export type Report = Omit<HealthReport, 'sha'>;

/** A check run of this App. */
export interface OwnCheck {
  id: number;
  name: string;
  externalId: string;
  status: 'in_progress' | 'completed';
  conclusion: string | null;
  title: string;
  summary: string;
  text: string;
  /** By GitHub's clock; absent when it does not tell. */
  startedAtMs?: number;
}

/** A check run of this App, read alone. GitHub never tells of its buttons. */
export interface ReadCheck extends OwnCheck {
  headSha: string;
  /** Its page. */
  url: string;
}

/**
 * A button on a check run: at most three, label and identifier of at most 20 characters, description of at most 40.
 * https://docs.github.com/en/rest/checks/runs#create-a-check-run
 */
export interface CheckButton {
  label: string;
  description: string;
  /** What GitHub tells when somebody presses it. */
  identifier: string;
}

export interface Annotation {
  path: string;
  /** 1-based. */
  line: number;
  message: string;
}

/** What a check run of this App shall say. */
export interface CheckReport {
  name: string;
  headSha: string;
  externalId: string;
  /** `neutral` satisfies a required check: never of what something waits for. */
  state: 'in_progress' | 'success' | 'failure' | 'neutral';
  title: string;
  summary: string;
  /** Details below the summary; those of before stay when left out. */
  text?: string;
  annotations: Annotation[];
  /** Left out: those of before stay. GitHub shows them once the check run has completed. */
  buttons?: readonly CheckButton[];
}

export type FileEdit =
  | { path: string; content: string; mode: string }
  | { path: string; sha: string; mode: string }
  | { path: string; deleted: true };

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

/** Everything that is read of one repository. Each method throws when GitHub's answer cannot be trusted to be whole. */
export interface RepositoryReader {
  readonly fullName: string;
  /** The default branch and its tip; null when the repository has no commit yet. */
  readDefaultTip(): Promise<{ branch: string; commit: Commit } | null>;
  readCommit(sha: string): Promise<Commit>;
  /** Tip of a branch, whatever it may be; null when there is no such branch. */
  readBranch(branch: string): Promise<string | null>;
  /** Recursive. */
  readTree(treeSha: string): Promise<TreeEntry[]>;
  /** Text of a blob; null when it is not UTF-8. */
  readText(blobSha: string): Promise<string | null>;
  /** SHA and text of a file at a commit or ref; null when there is none. The text is null when it is no UTF-8 or too large. */
  readFile(path: string, ref: string): Promise<{ sha: string; text: string | null } | null>;
  /** Newest first, at most `limit`. */
  listCommits(sha: string, path: string, limit: number): Promise<string[]>;
  /** Moves of a branch, newest first, back to `untilMs` at least; of a very busy branch the newest thousand. */
  listMoves(branch: string, untilMs: number): Promise<BranchMove[]>;
  /** Whether the one commit is the other or among its ancestors. */
  isAncestor(ancestor: string, sha: string): Promise<boolean>;
  /** Every commit status of a commit, those that newer ones replaced too. */
  listStatusReports(sha: string): Promise<Report[]>;
  /** Check runs of a commit, this App's own left out. */
  listCheckReports(sha: string): Promise<Report[]>;
  /** The latest deployments to an environment of GitHub, as one that has not reported is: pending since it was made. */
  listDeployments(environment: string): Promise<HealthReport[]>;
  /** What a deployment has reported, but for having been replaced. */
  listDeploymentReports(deployment: HealthReport): Promise<HealthReport[]>;
  listOpenPulls(): Promise<Pull[]>;
  /** Closed, of a branch of this repository, newest first; the newest `most`, at most 100. */
  listClosedPulls(branch: string, most: number): Promise<Pull[]>;
  /** Merged or not, that contain the commit. */
  listPullsOfCommit(sha: string): Promise<Pull[]>;
  /** Null when the number is that of an issue, or of nothing. */
  readPull(number: number): Promise<PullDetail | null>;
  listPullFiles(number: number): Promise<string[]>;
  /** Oldest first; GitHub lists at most 250. */
  listPullCommits(number: number): Promise<Pick<Commit, 'sha' | 'authorLogin' | 'committerLogin'>[]>;
  listReviews(number: number): Promise<ReviewFact[]>;
  /** Check runs, this App's own apart (newest first). */
  listCheckRuns(sha: string): Promise<{ checks: CheckFact[]; own: OwnCheck[] }>;
  /** Null when there is none of this App. */
  readCheck(id: number): Promise<ReadCheck | null>;
  /** Latest commit status of each context. */
  listStatuses(sha: string): Promise<CheckFact[]>;
  listComments(number: number): Promise<Comment[]>;
  readComment(id: number): Promise<Comment | null>;
  /** Whether the App has ended its work on a comment with a reaction. */
  hasAnswered(commentId: number): Promise<boolean>;
  readRole(login: string): Promise<Role>;
  isTeamMember(organization: string, slug: string, login: string): Promise<boolean>;
  /** What protects a branch; asked once by each reader. */
  readBranchRules(branch: string): Promise<BranchRules>;
  /** Branches of the merge queue of a branch, with what they point at. */
  listQueueBranches(base: string): Promise<{ branch: string; sha: string }[]>;
  /** The newest commit that both lines of commits hold. */
  readMergeBase(one: string, other: string): Promise<string>;
  /** Login of who made a branch point at a commit; null when GitHub's recent activity does not tell. */
  readPusher(branch: string, sha: string): Promise<string | null>;
}

/** Everything that is written. Each method is safe to repeat. */
export interface RepositoryWriter {
  /** Tree of `baseTree`, or an empty one, with the edits, committed on the parents by the App itself. */
  createCommit(input: {
    baseTree: string | null;
    parents: string[];
    files: FileEdit[];
    message: string;
  }): Promise<{ sha: string; treeSha: string }>;
  /** False when the branch exists already. */
  createBranch(branch: string, sha: string): Promise<boolean>;
  /** Fast-forward only: false when the branch is not what it was thought to be. */
  advanceBranch(branch: string, sha: string): Promise<boolean>;
  deleteBranch(branch: string): Promise<void>;
  /** Says why when GitHub finds it invalid: one may be open already, or nothing may differ. */
  openPull(input: {
    title: string;
    body: string;
    branch: string;
    base: string;
  }): Promise<{ number: number; url: string } | { refused: string }>;
  updatePull(
    number: number,
    change: { title?: string; body?: string; state?: 'open' | 'closed' },
  ): Promise<void>;
  addLabels(number: number, labels: readonly string[]): Promise<void>;
  requestReviewers(number: number, reviewers: readonly string[]): Promise<void>;
  comment(number: number, body: string): Promise<void>;
  updateComment(id: number, body: string): Promise<void>;
  react(commentId: number, reaction: 'rocket' | 'confused' | 'eyes'): Promise<void>;
  /** Updates `existing` where GitHub lets it, else makes a new check run. */
  reportCheck(report: CheckReport, existing: OwnCheck | null): Promise<void>;
  /** Merges only while the head is `headSha`; otherwise says why GitHub refused. */
  mergePull(
    number: number,
    input: { headSha: string; method: MergeMethod; title: string; message: string },
  ): Promise<{ merged: true } | { merged: false; reason: string }>;
}

export interface BuildReader {
  /** The newest build that the source's CI has finished; null when there is none, unknown when it cannot be asked. */
  readLatestBuild(source: BuildSource): Promise<Known<Build | null>>;
}

/** What a URL is asked. */
export interface HttpQuestion {
  /** As the URL standard writes it. */
  url: string;
  method: 'GET' | 'POST';
  /** JSON, which is sent signed; null for `GET`. */
  body: string | null;
  /** Whether what it answers matters, besides its status. */
  wantsText: boolean;
  /** For all attempts together. */
  timeoutMs: number;
  retries: number;
}

export interface HttpAnswer {
  status: number;
  /** Null when it was not wanted, or cannot be read. */
  text: string | null;
  /** Why it cannot be read, after "it answered". */
  unreadable: string | null;
}

/** Asks URLs that a config names, within what the operator of Sluice allows. */
export interface HttpProber {
  /** Unknown when there is no answer, or the question may not be asked. Never throws. */
  ask(question: HttpQuestion): Promise<Known<HttpAnswer>>;
}

/** GitHub, as the use cases need it. */
export interface GitHost {
  open(repository: string): Promise<RepositoryReader & RepositoryWriter>;
  readonly builds: BuildReader;
}

/** What a delivery tells of a repository, which need not be asked for then. */
export interface RepositoryHint {
  installationId?: number;
  defaultBranch?: string;
  /** The branch that a delivery names, which may be an old one: another than the known one is asked for again. */
  namedBranch?: string;
}

/** Structured log; `fields` carry repository, promotion and delivery, never a secret. */
export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** Work for one repository. Equal ones coalesce; those of one repository run one at a time. */
export type Job =
  | {
      kind: 'reconcile';
      repository: string;
      /** Repositories of applications whose builds are to be looked up again; all when `*`. */
      lookAt: string[];
      /** Builds that only their delivery tells of. */
      builds: DispatchedBuild[];
      /** Pull requests that have just ended, whose branches may be of no more use. */
      ended: number[];
      /** The merge queue asks for checks. */
      queue?: boolean;
    }
  | { kind: 'command'; repository: string; comment: number }
  | ButtonJob
  | {
      kind: 'source';
      /** Repository of an application, where something that may be a build happened. */
      repository: string;
      builds: DispatchedBuild[];
    };

/** Somebody pressed a button on a check run, as the delivery tells: to be read anew before it is believed. */
export interface ButtonJob {
  kind: 'button';
  repository: string;
  checkRun: number;
  identifier: string;
  /** Login. */
  sender: string;
  headSha: string;
}

/** A `repository_dispatch` as it was delivered. */
export interface DispatchedBuild {
  repository: string;
  type: string;
  payload: Record<string, unknown>;
  /** Rises from one delivery to the next: an older build never replaces a newer one. */
  order: number;
  /** Login; null when the delivery does not tell. */
  sender: string | null;
}

export interface JobQueue {
  add(job: Job): Promise<void>;
}
