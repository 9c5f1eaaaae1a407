import type { RuleActor } from './bypass.ts';
import type { People } from './people.ts';
import { behindReasons, checkReasons } from './required-checks.ts';
import { type ReviewFacts, reviewReasons } from './required-reviews.ts';
import type { BranchRules } from './rule-demands.ts';
import type { Repository } from './state.ts';
import type { MergeMethod } from './state-protection.ts';

/** One thing that stands in the way of a merge or a push. */
export interface Reason {
  kind: 'checks' | 'behind' | 'reviews' | 'conversations' | 'method' | 'signatures' | 'queue' | 'push';
  message: string;
  /** Rulesets report in a form of their own. */
  fromRuleset: boolean;
}

export interface MergeFacts extends ReviewFacts {
  rules: BranchRules[];
  /** Whether the head contains the tip of the base branch. */
  upToDate: boolean;
  /** Whether all commits of the pull request have verified signatures. */
  signed: boolean;
  /** Whether no review thread is open. */
  conversationsResolved: boolean;
  /** How it is to be merged; null when that is not known yet. */
  method: MergeMethod | null;
}

const NOT_AUTHORIZED =
  "You're not authorized to push to this branch. Visit https://docs.github.com/articles/about-protected-branches/ for more information.";
const UNSIGNED = 'Commits must have verified signatures.';
const NOT_LINEAR = 'This branch must not contain merge commits.';

/**
 * Whether this pull request may be merged by this actor now: every reason against it, empty when none.
 * Without an actor nobody is taken to bypass anything, and nobody to be kept out. Conflicts are not looked at here.
 */
export function mergeReasons(facts: MergeFacts, actor: RuleActor | null): Reason[] {
  const binding = facts.rules.filter(
    (rules) => !actor || !rules.bypassedBy(actor, facts.people, 'pull_request'),
  );
  const mostApprovals = Math.max(0, ...binding.map((rules) => rules.reviews?.count ?? 0));
  return binding.flatMap((rules) => {
    const reason = (kind: Reason['kind']) => (message: string) => ({
      kind,
      message,
      fromRuleset: rules.ruleset !== null,
    });
    return [
      ...accessReasons(rules, facts.people, actor).map(reason('push')),
      ...(rules.queue ? ['Changes must be made through the merge queue'] : []).map(reason('queue')),
      ...reviewsOf(facts, rules, actor, mostApprovals).map(reason('reviews')),
      ...(rules.conversations && !facts.conversationsResolved
        ? ['A conversation must be resolved before this pull request can be merged.']
        : []
      ).map(reason('conversations')),
      ...mergeCheckReasons(facts, rules, reason),
      ...methodReasons(facts.method, rules).map(reason('method')),
      ...(rules.signatures && !isSignedAs(facts) ? [UNSIGNED] : []).map(reason('signatures')),
    ];
  });
}

/** Of several numbers of approvals only the highest is told, once. */
function reviewsOf(
  facts: MergeFacts,
  { reviews, reviewBypass }: BranchRules,
  actor: RuleActor | null,
  mostApprovals: number,
): string[] {
  if (reviews === null) return [];
  if (actor && reviewBypass && facts.people.isListed(reviewBypass, actor.login, actor.appId)) return [];
  return reviewReasons(facts, reviews.count === 0 ? reviews : { ...reviews, count: mostApprovals });
}

function mergeCheckReasons(
  facts: MergeFacts,
  { checks }: BranchRules,
  reason: (kind: Reason['kind']) => (message: string) => Reason,
): Reason[] {
  if (!checks) return [];
  const missing = checkReasons(facts.repository, facts.pull.headSha, checks);
  if (!checks.strict || facts.upToDate) return missing.map(reason('checks'));
  return behindReasons(checks).map(reason(missing.length > 0 ? 'checks' : 'behind'));
}

function methodReasons(method: MergeMethod | null, rules: BranchRules): string[] {
  if (method === null) return [];
  if (method === 'merge' && rules.linearHistory) return [NOT_LINEAR];
  return rules.methods && !rules.methods.includes(method) ? [methodNotAllowed(method)] : [];
}

/** Why a method of merging cannot be used. */
export function methodNotAllowed(method: MergeMethod): string {
  const names = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' };
  return `${names[method]} are not allowed on this repository.`;
}

/** A squash makes one commit that GitHub signs; a rebase makes commits that it does not sign. */
function isSignedAs({ method, signed }: MergeFacts): boolean {
  if (method === 'rebase') return false;
  return signed || method === 'squash';
}

/** Whether a branch is closed to the actor as such. An administrator is always on the list of who may push. */
function accessReasons(rules: BranchRules, people: People, actor: RuleActor | null): string[] {
  const reasons: string[] = [];
  if (rules.isLocked) reasons.push('Cannot change this locked branch');
  if (rules.blocksUpdate) reasons.push('Cannot update this protected ref.');
  if (actor && rules.restrictions && !mayPush(rules, people, actor)) reasons.push(NOT_AUTHORIZED);
  return reasons;
}

/** https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches#restrict-who-can-push-to-matching-branches */
function mayPush({ restrictions }: BranchRules, people: People, { login, appId }: RuleActor): boolean {
  if (!restrictions || (appId === null && people.role(login) === 'admin')) return true;
  return people.isListed(restrictions, login, appId);
}

/** Whether the branch is closed to this person alone: others may still push and merge. */
export function isKeptOut(all: BranchRules[], people: People, actor: RuleActor): boolean {
  return all.some(
    (rules) => !mayPush(rules, people, actor) && !rules.bypassedBy(actor, people, 'pull_request'),
  );
}

/** The message of the refusal, as GitHub words it. */
export function refusal(reasons: Reason[]): string {
  const classic = reasons.filter((reason) => !reason.fromRuleset).map((reason) => reason.message);
  const rules = reasons.filter((reason) => reason.fromRuleset).map((reason) => reason.message);
  const parts = classic.length > 0 ? [classic.join(' ')] : [];
  if (rules.length > 0)
    parts.push(`Repository rule violations found\n\n${[...new Set(rules)].join('\n\n')}\n\n`);
  return parts.join('\n\n');
}

export interface PushFacts {
  repository: Repository;
  rules: BranchRules[];
  people: People;
  before: string | null;
  after: string | null;
  fastForward: boolean;
  /** About the commits that the push brings. */
  bringsMerges: boolean;
  bringsUnsigned: boolean;
}

/** Why a direct push to a branch is refused; empty when it is not. */
export function pushReasons(facts: PushFacts, actor: RuleActor): Reason[] {
  return facts.rules.flatMap((rules) => {
    const fromRuleset = rules.ruleset !== null;
    const bypassed = rules.bypassedBy(actor, facts.people, 'push');
    if (bypassed && fromRuleset) return [];
    return pushMessages(facts, rules, actor, bypassed).map((message) => ({
      kind: 'push' as const,
      message,
      fromRuleset,
    }));
  });
}

/** Classic protection lets an administrator past its reviews and checks, not past force pushes and deletions. */
function pushMessages(facts: PushFacts, rules: BranchRules, actor: RuleActor, bypassed: boolean): string[] {
  if (facts.after === null) return rules.blocksDeletion ? ['Cannot delete this branch'] : [];
  const forced = !facts.fastForward && rules.blocksForcePush ? ['Cannot force-push to this branch'] : [];
  if (bypassed) return forced;
  if (facts.before === null) return creationReasons(facts, facts.after, rules, actor);
  return [
    ...forced,
    ...accessReasons(rules, facts.people, actor),
    ...(rules.queue ? ['Changes must be made through the merge queue'] : []),
    ...(rules.blocksDirectPush && !isReviewExempt(facts, rules, actor)
      ? ['Changes must be made through a pull request.']
      : []),
    ...(rules.checks ? checkReasons(facts.repository, facts.after, rules.checks) : []),
    ...commitReasons(facts, rules),
  ];
}

function isReviewExempt(facts: PushFacts, { reviewBypass }: BranchRules, actor: RuleActor): boolean {
  return reviewBypass !== null && facts.people.isListed(reviewBypass, actor.login, actor.appId);
}

function creationReasons(facts: PushFacts, after: string, rules: BranchRules, actor: RuleActor): string[] {
  const listed = rules.restrictions !== null && mayPush(rules, facts.people, actor);
  const blocked = rules.blocksCreation && !listed;
  return [
    ...(blocked
      ? [rules.ruleset ? 'Cannot create ref due to creations being restricted.' : NOT_AUTHORIZED]
      : []),
    ...(rules.checks?.onCreation ? checkReasons(facts.repository, after, rules.checks) : []),
    ...commitReasons(facts, rules),
  ];
}

function commitReasons(facts: PushFacts, rules: BranchRules): string[] {
  return [
    ...(rules.linearHistory && facts.bringsMerges ? [NOT_LINEAR] : []),
    ...(rules.signatures && facts.bringsUnsigned ? [UNSIGNED] : []),
  ];
}
