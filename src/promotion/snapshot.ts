import type { ConfigProblem } from '../config/parse-config.ts';
import type { BadRelease } from '../domain/bad-release.ts';
import type { Build } from '../domain/build.ts';
import type { GateFacts, HealthFact, OverrideFact } from '../domain/gates/facts.ts';
import type { GroupTrailers } from '../domain/group-trailers.ts';
import type { Decision, NotPromoted, Promotion } from '../domain/promotion.ts';
import type { Environment, Settings } from '../domain/settings.ts';
import type { TargetId, TargetLocation } from '../domain/target.ts';
import type { PromotionTrailers } from '../domain/trailers.ts';
import type { HeldValues, ValueChange } from '../domain/value.ts';
import type { Carriage } from './observe/resolve-group.ts';
import type { OwnCheck } from './ports/checks.ts';
import type { Commit, TreeEntry } from './ports/git.ts';
import type { Pull, PullDetail } from './ports/pulls.ts';

/** A target with everything that was read of it. */
export interface Target {
  location: TargetLocation;
  held: HeldValues;
  /** Texts of the files that hold its values, by path. */
  texts: ReadonlyMap<string, string>;
}

/** The default branch at one commit. */
export interface Base {
  repository: string;
  branch: string;
  commit: Commit;
  tree: readonly TreeEntry[];
  /** By path: mode and blob of each file. */
  files: ReadonlyMap<string, TreeEntry>;
}

/** A target as it was at a commit of the default branch. */
export interface PastTarget {
  target: Target;
  commit: Commit;
}

/** An unbroken time for which an environment held one release. */
export interface Stay extends PastTarget {
  /** Equal for equal releases. */
  key: string;
  /** Everything that the branch pointed at then, newest first. */
  tips: string[];
  /** When it began; null when it began before what is known. */
  fromMs: number | null;
  isAtLatest: boolean;
  /** When another release replaced it; null while it is there. */
  untilMs: number | null;
  /** What was there before is known, be it nothing. */
  isBeforeKnown: boolean;
  /** Fingerprints of the releases that came after it and could be promoted; absent where nobody asked. */
  newer?: readonly string[];
}

/** What comes next to a target in place of what its source holds now: a release that stayed there, or nothing. */
export type Chosen =
  | {
      stay: Stay;
      /** Login of who named it; absent where the config chose. */
      namedBy?: string;
    }
  | {
      reason: string;
      /** When to look again although nothing happened, in milliseconds since the epoch; absent: an event will tell. */
      lookAgainAtMs?: number;
      /** GitHub did not tell what comes next: it may be what a pull request carries. */
      isUnread?: true;
    };

/** By `targetKey`. Targets that are not in it take what the source holds now. */
export type ChosenReleases = ReadonlyMap<string, Chosen>;

/** Where a release came from, for the pull request and for those who may not approve it. */
export interface Origin {
  sha: string;
  url: string;
  /** First line of its message. */
  title: string;
  authorLogin: string | null;
}

/** An open pull request of Sluice, before its gates are looked at. */
export interface FoundPromotion {
  pull: Pull;
  head: Commit;
  /** Null when the head is not a commit that Sluice planned for this branch. */
  trailers: PromotionTrailers | null;
  /** The same of a head that carries a group; `trailers` are then those of the member that is looked at. */
  group: GroupTrailers | null;
  /** Null while GitHub computes it. */
  mergeable: boolean | null;
  /** Protection wants the latest base in it. */
  isBehind: boolean;
}

/** The same with what its gates go by. */
export interface OpenPromotion extends FoundPromotion {
  check: OwnCheck | null;
  /** What it changes in the cluster was shown on this head. */
  isShown: boolean;
  /** The App's own check run says that it planned this head; trailers alone could be copied. */
  isAttested: boolean;
  facts: GateFacts;
}

/** A pull request of Sluice that carries several applications, and is open now. */
export interface OpenGroup extends Omit<OpenPromotion, 'trailers' | 'group' | 'facts'> {
  /** What the head says of itself; null when somebody else made the head. */
  trailers: GroupTrailers | null;
}

/** The last pull request of a branch, by which a person decided against a release. */
export interface ClosedPull extends Pull {
  /** Label of what it carried, where that is newer than what is due. */
  newer?: string;
}

/** What one application is due in one environment, by what the targets hold and CI has built. */
export interface Decided extends Decision, Carriage {
  application: string;
  /** As it is for this application, overrides included. */
  environment: Environment;
  isKnown: boolean;
  builds: readonly Build[];
  /** What the open pull request of a first environment holds already is part of the promotion. */
  isCarriedOn: boolean;
  /** Sources that could not be asked: no reason to hold back what is open, but one why nothing newer comes. */
  unheard: readonly NotPromoted[];
  /** The time that the release spent in its source, where that is what counts, and not what the source holds now. */
  stay?: Stay;
  /** Login of who named the release, which comes in place of what the source holds now. */
  namedBy?: string;
  /** When to look again although nothing happened, in milliseconds since the epoch. */
  lookAgainAtMs?: number;
  /** What the source holds now, which only a person's word brings before it has qualified. */
  unqualified?: Promotion | null;
  /** GitHub did not tell this time which release comes next. */
  isUnread?: true;
  /** It is being rolled back, or could be: what is known of that could not be read. */
  rollback?: DueRollback;
}

/** A rollback that is under way in a target. */
export interface DueRollback {
  /** Null: whether one is, could not be read. */
  mark: BadRelease | null;
  /** Its promotion was told of it, by a process that may have died since. */
  isAnnounced?: boolean;
}

/** The same with what is known of its pull request. */
export interface Candidate {
  application: string;
  /** The branch that carries it, alone or with the others of its group. */
  branch: string;
  group: string | null;
  /** The pull request of its group, whether it is in it or not. */
  openGroup: OpenGroup | null;
  /** Something about it could not be read, or its branch is taken: nothing is done with it now. */
  isHeld?: true;
  environment: Environment;
  promotion: Promotion | null;
  notPromoted: readonly NotPromoted[];
  /** False when a first environment's builds were not looked up this time. */
  isKnown: boolean;
  builds: readonly Build[];
  /** What the open pull request holds already is part of the promotion. */
  isCarriedOn: boolean;
  /** Sources that could not be asked this time, and why. */
  unheard: readonly NotPromoted[];
  /** The pull request that it is in; of a group's, what that says of this application. */
  open: OpenPromotion | null;
  /** The last pull request of the branch, when it carried this very release, or a newer one, and a person closed it or took it back. */
  closed: ClosedPull | null;
  origin: Origin | null;
  /** Facts for a promotion that has no pull request yet. */
  facts: GateFacts | null;
  requestedBy: string | null;
  /** The time that the release spent in its source, where that is what counts. */
  stay?: Stay;
  /** Login of who named the release, which comes in place of what the source holds now. */
  namedBy?: string;
  /** When to look again although nothing happened, in milliseconds since the epoch. */
  lookAgainAtMs?: number;
  /** What the source holds now, which only a person's word brings before it has qualified. */
  unqualified?: Promotion | null;
  /** GitHub did not tell this time which release comes next. */
  isUnread?: true;
  rollback?: DueRollback;
  /** The hold of a rollback that ends because a newer release has come: where it was said. */
  lifts?: BadRelease;
}

/** A pull request that is no promotion. */
export interface OtherPull {
  pull: Pull;
  /** Problems of the config that it would bring; null when it does not change the config. */
  configProblems: readonly ConfigProblem[] | null;
  /** What it changes in guarded environments; absent when none is guarded. */
  guard?: GuardFacts;
  /** Of the check run that will be the verdict; it says what was guarded then. */
  mark?: string;
  /** What the head was told before, when that is no longer the verdict. */
  check?: OwnCheck | null;
}

/** What a pull request that is no promotion does to the values of guarded environments. */
export interface GuardFacts {
  changes: readonly DirectChange[];
  /** Targets whose values cannot be compared, and why (Markdown). */
  unreadable: readonly (TargetId & { reason: string })[];
  /** What GitHub did not give this time; nothing of the above is known then. */
  unknown: string | null;
  /** A person's word that lets it pass; null when there is none, or the config allows none. */
  override: OverrideFact | null;
  /** Environments that it changes and in which the guard cannot be overridden. */
  strict: readonly string[];
}

/** A promoted value of a target that a pull request changes by itself. */
export interface DirectChange extends TargetId, ValueChange {
  /** Where it stands at the head; null when it is gone. */
  place: { path: string; line: number } | null;
}

/** A promotion branch with what it points at. */
export interface EndedBranch {
  branch: string;
  headSha: string;
}

/** Something that GitHub did not give, of a promotion or of what is to become one. */
export interface Unreadable {
  /** Null while there is no pull request. */
  pull: Pull | null;
  reason: string;
  /** The pull request was told so before. */
  isTold?: boolean;
}

/** A promotion that merged lately, after which the environment reports failure, and that nobody has rolled back. */
export interface FailedRelease extends TargetId {
  /** Its pull request. */
  pull: { number: number; url: string };
  /** What reported it, and when; plain text. */
  reason: string;
}

/** The GitHub deployment of a promotion that merged lately: what stands there, and how the environment is. */
export interface DueDeployment extends TargetId {
  /** Environment on GitHub. */
  name: string;
  /** Of the merge. */
  sha: string;
  release: string;
  pull: { number: number; url: string };
  health: HealthFact;
  /** Until when the health is mirrored: milliseconds since the epoch. */
  untilMs: number;
  /** Null: none was made yet. */
  existing: { id: number; state: string | null } | null;
}

/** Everything read for one reconcile, pinned to one commit. */
export interface Snapshot {
  base: Base;
  settings: Settings;
  targets: readonly Target[];
  /** What is due everywhere, before anything is known of its pull requests. */
  decided: readonly Decided[];
  candidates: readonly Candidate[];
  /** Open pull requests of Sluice whose target is gone from the config or the repository. */
  strays: readonly OpenPromotion[];
  /** Repositories whose builds could not be read this time. */
  unasked: readonly string[];
  /** Nothing is known of these, so nothing passes there. */
  unreadable: readonly Unreadable[];
  /** Promotion branches that nothing needs any more. */
  leftovers: readonly EndedBranch[];
  /** Pull requests that were said to have ended, as they are now. */
  ended: readonly PullDetail[];
  /** Pull requests of others whose head has no report yet. */
  unreported: readonly OtherPull[];
  /** Where the config has Sluice roll back by itself; absent: nothing was looked for. */
  failures?: { failed: readonly FailedRelease[]; isWhole: boolean };
  /** Where the config asks for GitHub deployments; absent: nothing was looked for. */
  deployments?: { due: readonly DueDeployment[]; isWhole: boolean };
}
