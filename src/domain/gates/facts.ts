import type { JsonScalar } from '../gate-spec.ts';
import type { ReleaseValue } from '../release.ts';
import type { Role } from '../role.ts';
import type { ValueChange } from '../value.ts';
import type { Known } from './gate.ts';

/** A check run or commit status as GitHub reports it. */
export interface CheckFact {
  name: string;
  /** Slug of the App that wrote a check run; null for a commit status. */
  app: string | null;
  /** `success`, `failure`, `neutral`, ... for what has finished; null while it runs. */
  conclusion: string | null;
  /** Commit that it stands on, where there may be several. */
  sha?: string;
}

export interface ReviewFact {
  reviewer: string;
  isBot: boolean;
  state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  /** Head that was reviewed. */
  sha: string;
  /** When it was submitted, as GitHub recorded it: milliseconds since the epoch. */
  atMs?: number;
}

/** A person's `/promote` for a pull request. */
export interface PromoteRequest {
  requester: string;
  url: string;
  /** When, as GitHub recorded it: milliseconds since the epoch; absent for one that the head tells of. */
  atMs?: number;
  /** It was said by `/approve`: a person's consent, and not that person's wish. */
  isApproval?: true;
}

/** A hold that covers the promotion, as it is told. */
export interface HoldFact {
  /** These are Markdown, safe: who holds what and why, and the command that ends it. */
  by: string;
  what: string;
  reason: string;
  resume: string;
  /** Where it was said. */
  url: string;
  /** When it ends by itself, in milliseconds since the epoch; null: it does not. */
  untilMs: number | null;
  /** It is on the whole environment. Absent: it is not. */
  isFreeze?: true;
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

/** A person's `/override` of the gates of one kind, for one head. */
export interface OverrideFact {
  /** Kind of the gates. */
  gate: string;
  by: string;
  /** Markdown, safe. */
  reason: string;
  /** The comment. */
  url: string;
  /** Of the gate `hold`: what it is for, as `holdSubjects` tells it. */
  holds?: readonly string[];
}

/** When a release came to a source environment. */
export interface Landing {
  environment: string;
  /** By GitHub's record of the default branch, in milliseconds since the epoch; null when it is not in what was read of it. */
  landedMs: number | null;
  /** It may have landed earlier still: what was read of the record does not reach back further. */
  isAtLatest: boolean;
  /** When another release replaced it there; null or absent while it is there. */
  untilMs?: number | null;
}

/** What a source environment says of a release. */
export interface HealthFact {
  environment: string;
  /** Name that was looked for, filled in. */
  name: string;
  state: 'healthy' | 'unhealthy' | 'pending' | 'missing';
  /** Since when it has been in that state, as GitHub recorded it; null when missing. */
  sinceMs: number | null;
  /** Commit that the report stands on; null when missing. */
  sha: string | null;
  /** When another release replaced it there: what was reported since does not count. Null or absent while it is there. */
  untilMs?: number | null;
}

/** How another application stands in the environment that a promotion goes to. */
export interface DependencyFact {
  /** Versions that it holds there. */
  versions: readonly string[];
  /** Why it does not hold what the environments before hold; null when it does. */
  lag: string | null;
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

/** What a URL answered. */
export interface HttpFact {
  status: number;
  /** What stands at the path that the gate names; null when it names none. */
  found: FoundJson | null;
}

export type FoundJson =
  | { kind: 'scalar'; value: JsonScalar }
  /** A map, a list, nothing, or no JSON at all. */
  | { kind: 'map' | 'list' | 'nothing' | 'no-json' };

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
  /** Given for this head, by people who could. */
  overrides: readonly OverrideFact[];
  /** When the release came to each source environment. */
  landings: Known<readonly Landing[]>;
  /** When Sluice made the head that carries the release, by a commit that GitHub signed for it; null when there is none. */
  firstSeenMs: number | null;
  /** The application that is promoted, and where to. */
  application: string;
  to: string;
  /** Applications that the `after` gate names, by name; null for one that the environment does not have. */
  dependencies: ReadonlyMap<string, DependencyFact | null>;
  /** What each source environment says of the release, by `healthKey` of the gate that asks. */
  health: ReadonlyMap<string, Known<readonly HealthFact[]>>;
  promotion: Known<PromotionFact>;
  /** Logins of those who asked for the promotion, also of one that has no pull request yet; first who asked first. */
  actors: Known<readonly string[]>;
  /** Answers in this look, by `httpKey` of the gate that asks. */
  http: ReadonlyMap<string, Known<HttpFact>>;
  /** What led to what the promotion carries, through all environments before. */
  changes: Known<ChangesFact>;
  /** Logins of those who pressed "Update branch" since the head began to carry its release. */
  pushers: Known<readonly string[]>;
  protection: Known<ProtectionFact>;
  /** Holds that cover the target, perhaps some that have ended by themselves. */
  holds: Known<readonly HoldFact[]>;
}
