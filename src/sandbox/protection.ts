import { branchRules, type RuleActor } from './branch-rules.ts';
import type { People } from './people.ts';
import { checkReasons } from './required-checks.ts';
import { type ReviewFacts, reviewReasons } from './required-reviews.ts';
import type { Repository } from './state.ts';

/** One thing that stands in the way of a merge or a push. */
export interface Reason {
  kind: 'checks' | 'behind' | 'reviews' | 'push';
  message: string;
  /** Rulesets report in a form of their own. */
  fromRuleset: boolean;
}

export interface MergeFacts extends ReviewFacts {
  /** Whether the head contains the tip of the base branch. */
  upToDate: boolean;
}

/**
 * Whether this pull request may be merged by this actor now: every reason against it, empty when none.
 * Without an actor nobody is taken to bypass anything. Conflicts are not looked at here.
 */
export function mergeReasons(facts: MergeFacts, actor: RuleActor | null): Reason[] {
  return branchRules(facts.repository, facts.pull.baseRef).flatMap((rules) => {
    if (actor && rules.bypassedBy(actor, facts.people, 'pull_request')) return [];
    const reason = (kind: Reason['kind']) => (message: string) => ({
      kind,
      message,
      fromRuleset: rules.ruleset !== null,
    });
    const { checks, reviews } = rules;
    return [
      ...(reviews ? reviewReasons(facts, reviews) : []).map(reason('reviews')),
      ...(checks ? checkReasons(facts.repository, facts.pull.headSha, checks) : []).map(reason('checks')),
      ...(checks?.strict && !facts.upToDate
        ? ['The head branch is out of date with the base branch.']
        : []
      ).map(reason('behind')),
    ];
  });
}

/** The message of the refusal, as GitHub words it. */
export function refusal(reasons: Reason[]): string {
  const classic = reasons.filter((reason) => !reason.fromRuleset).map((reason) => reason.message);
  const rules = reasons.filter((reason) => reason.fromRuleset).map((reason) => reason.message);
  const parts = classic.length > 0 ? [classic.join(' ')] : [];
  if (rules.length > 0) parts.push(`Repository rule violations found\n\n${rules.join('\n\n')}\n\n`);
  return parts.join('\n\n');
}

export interface PushFacts {
  repository: Repository;
  people: People;
  branch: string;
  before: string | null;
  after: string | null;
  fastForward: boolean;
}

/** Why a direct push to a branch is refused; empty when it is not. */
export function pushReasons(facts: PushFacts, actor: RuleActor): Reason[] {
  return branchRules(facts.repository, facts.branch).flatMap((rules) => {
    const reason = (message: string): Reason => ({
      kind: 'push',
      message,
      fromRuleset: rules.ruleset !== null,
    });
    // Classic protection lets an administrator past its reviews and checks, not past force pushes and deletions.
    const bypassed = rules.bypassedBy(actor, facts.people, 'push');
    if (bypassed && rules.ruleset) return [];
    if (facts.after === null)
      return rules.blocksDeletion ? [reason('Cannot delete this protected branch.')] : [];
    const reasons: Reason[] = [];
    if (!facts.fastForward && rules.blocksForcePush)
      reasons.push(reason('Cannot force-push to this branch.'));
    if (bypassed || facts.before === null) return reasons;
    if (rules.blocksDirectPush) reasons.push(reason('Changes must be made through a pull request.'));
    if (rules.checks) reasons.push(...checkReasons(facts.repository, facts.after, rules.checks).map(reason));
    return reasons;
  });
}

/** Whether a push to the head of a pull request into this branch takes its approvals away. */
export function dismissesStaleReviews(repository: Repository, branch: string): boolean {
  return branchRules(repository, branch).some((rules) => rules.reviews?.dismissStale === true);
}
