import type { ReleaseValue } from '../release.ts';
import type { ValueChange } from '../value.ts';
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

/** What a promotion carries, from where to where, and the labels of its pull request. */
export interface PromotionFact {
  application: string;
  /** Empty when the release comes from a build. */
  from: readonly string[];
  to: string;
  release: { label: string; fingerprint: string; values: readonly ReleaseValue[] };
  changes: readonly ValueChange[];
  labels: readonly string[];
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
  promotion: Known<PromotionFact>;
  /** Logins of those who asked for the promotion, also of one that has no pull request yet; first who asked first. */
  actors: Known<readonly string[]>;
}
