import type { Known } from './gate.ts';

/** A check run or commit status as GitHub reports it. */
export interface CheckFact {
  name: string;
  /** Slug of the App that wrote a check run; null for a commit status. */
  app: string | null;
  /** `success`, `failure`, `neutral`, ... for what has finished; null while it runs. */
  conclusion: string | null;
}

export interface ReviewFact {
  reviewer: string;
  isBot: boolean;
  state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  /** Head that was reviewed. */
  sha: string;
}

/** A person's `/promote` for a pull request. */
export interface PromoteRequest {
  requester: string;
  url: string;
}

/** What is known of a person who reviewed. */
export interface ReviewerFact {
  canWrite: boolean;
  /** Teams among those that the gate names, as `org/slug`. */
  teams: readonly string[];
}

/** Owners of one changed file by CODEOWNERS: logins and `org/team`, without `@`. */
export interface OwnedFile {
  path: string;
  owners: readonly string[];
}

/** A pull request of people that brought a part of the release, as it is now. */
export interface PullFact {
  number: number;
  labels: readonly string[];
  /** What was merged. */
  headSha: string;
  /** In the order in which they were submitted; empty when no gate asks. */
  reviews: readonly ReviewFact[];
  /** Logins of those who wrote it; empty while nobody has approved it. */
  authors: Known<readonly string[]>;
  /** Those who approved and have write access now. */
  writers: readonly string[];
}

/** What led to a release. */
export interface ChangesFact {
  pulls: PullFact[];
  /** Commits that came without a pull request. */
  pushes: string[];
  /** Builds that Sluice took over from CI: `owner/name@sha`, null when that is not known. */
  builds: (string | null)[];
  /** Why something may be missing. */
  gaps: readonly string[];
}

/** The narrow view that gates have of the world: facts about one promotion, read beforehand. */
export interface GateFacts {
  headSha: string;
  /** Commit that brought the release into the source environment. */
  sourceCommit: Known<string>;
  /** Checks and statuses on the commits that brought the release into the source environments, for each one. */
  sourceChecks: Known<readonly (readonly CheckFact[])[]>;
  /** Checks and statuses on the promotion's head, Sluice's own left out. */
  headChecks: Known<readonly CheckFact[]>;
  /** In the order in which they were submitted. */
  reviews: Known<readonly ReviewFact[]>;
  /** By login: everyone who reviewed. */
  reviewers: Known<ReadonlyMap<string, ReviewerFact>>;
  /** Logins of the people who wrote the change that the promotion carries. */
  authors: Known<readonly string[]>;
  /** `/promote` by people who may, since the head is what it is. */
  requests: Known<readonly PromoteRequest[]>;
  owners: Known<readonly OwnedFile[]>;
  /** What led to what the promotion carries, through all environments before. */
  changes: Known<ChangesFact>;
}
