import type { RuleActor } from './bypass.ts';
import type { People } from './people.ts';
import type { Allowed, MergeMethod, Ruleset } from './state-protection.ts';

export interface ReviewDemand {
  count: number;
  dismissStale: boolean;
  codeOwners: boolean;
  lastPushApproval: boolean;
  /** Teams that must approve when a changed path matches. */
  teams: { filePatterns: string[]; minimumApprovals: number; teamId: number }[];
}

export interface CheckDemand {
  strict: boolean;
  /** Whether also a branch that is new must have them. */
  onCreation: boolean;
  checks: { context: string; appId: number | null }[];
}

export interface QueueDemand {
  method: MergeMethod;
  maxEntriesToBuild: number;
  /** A required check that says nothing for so long has failed. */
  timeoutMs: number;
}

/** All that one source (classic protection or one ruleset) asks of a branch. */
export interface BranchRules {
  /** `null` for classic protection. */
  ruleset: Ruleset | null;
  reviews: ReviewDemand | null;
  /** Who needs no pull request and no review. */
  reviewBypass: Allowed | null;
  /** Who may dismiss reviews; null for everyone who can write. */
  dismissal: Allowed | null;
  checks: CheckDemand | null;
  /** Whether review threads must be resolved. */
  conversations: boolean;
  linearHistory: boolean;
  signatures: boolean;
  /** Who may push and merge; null for everyone who can write. */
  restrictions: Allowed | null;
  /** Merge methods that are allowed; null for all. */
  methods: MergeMethod[] | null;
  queue: QueueDemand | null;
  isLocked: boolean;
  blocksDirectPush: boolean;
  blocksCreation: boolean;
  blocksUpdate: boolean;
  blocksDeletion: boolean;
  blocksForcePush: boolean;
  /** Whether these rules do not hold for the actor. */
  bypassedBy(actor: RuleActor, people: People, how: 'push' | 'pull_request'): boolean;
}
