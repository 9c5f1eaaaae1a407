import type { Role } from '../role.ts';
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
  role: Role;
  /** Teams among those that the gate names, as `org/slug`. */
  teams: readonly string[];
}

/** Owners of one changed file by CODEOWNERS: logins and `org/team`, without `@`. */
export interface OwnedFile {
  path: string;
  owners: readonly string[];
}

/** What GitHub itself asks of the reviews of a promotion before it merges, as far as an App may read it. */
export interface ProtectionFact {
  approvals: number;
  wantsCodeOwners: boolean;
  /** Files of which a team that a ruleset names must approve, with how many approvals. */
  teams: readonly { path: string; approvals: number }[];
  /** There is classic protection too, and what it asks of reviews only administrators may read. */
  isPartlyHidden: boolean;
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
  /** Logins of those who pressed "Update branch" since the head began to carry its release. */
  pushers: Known<readonly string[]>;
  protection: Known<ProtectionFact>;
}
