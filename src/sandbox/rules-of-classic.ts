import type { BranchRules } from './rule-demands.ts';
import type { BranchProtection } from './state-protection.ts';

/** What classic protection asks of its branch. */
export function rulesOfClassic(protection: BranchProtection): BranchRules {
  const reviews = protection.requiredReviews;
  const checks = protection.requiredStatusChecks;
  return {
    ruleset: null,
    reviews: reviews && {
      count: reviews.count,
      dismissStale: reviews.dismissStale,
      codeOwners: reviews.requireCodeOwners,
      lastPushApproval: reviews.requireLastPushApproval,
      teams: [],
    },
    reviewBypass: reviews?.bypass ?? null,
    dismissal: reviews?.dismissal ?? null,
    checks: checks && { ...checks, onCreation: false },
    conversations: protection.requiredConversationResolution,
    linearHistory: protection.requiredLinearHistory,
    signatures: protection.requiredSignatures,
    restrictions: protection.restrictions,
    methods: null,
    queue: null,
    isLocked: protection.lockBranch,
    blocksDirectPush: reviews !== null,
    blocksCreation: protection.blockCreations && protection.restrictions !== null,
    blocksUpdate: false,
    blocksDeletion: !protection.allowDeletions,
    blocksForcePush: !protection.allowForcePushes,
    bypassedBy: (actor, people) => !protection.enforceAdmins && people.role(actor.login) === 'admin',
  };
}
