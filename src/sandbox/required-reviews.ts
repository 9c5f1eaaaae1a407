import { matchesPatterns, type OwnerRule, ownerLogins, ownersOf } from './codeowners.ts';
import { isWriter, type People } from './people.ts';
import type { ReviewDemand } from './rule-demands.ts';
import type { PullRequest, Repository, Review } from './state.ts';

/** What reviews are judged by. */
export interface ReviewFacts {
  repository: Repository;
  pull: PullRequest;
  author: string;
  changedPaths: string[];
  codeOwners: OwnerRule[];
  people: People;
}

/**
 * The opinion of each person: their latest review that is not a mere comment. A dismissed one is no
 * opinion, and does not bring an earlier one back.
 */
function opinions(repository: Repository, pullNumber: number): Review[] {
  const latest = new Map<string, Review>();
  for (const review of repository.reviews.values()) {
    if (review.pullNumber !== pullNumber) continue;
    if (review.state !== 'COMMENTED' && review.state !== 'PENDING') latest.set(review.user, review);
  }
  return [...latest.values()];
}

/** Why the reviews do not allow the merge, in GitHub's words where they are known; empty when they do. */
export function reviewReasons(facts: ReviewFacts, demand: ReviewDemand): string[] {
  const counted = opinions(facts.repository, facts.pull.number).filter(
    (review) => review.user !== facts.author && isWriter(facts.people, review.user),
  );
  const approvals = counted.filter((review) => review.state === 'APPROVED');
  const approvers = new Set(approvals.map((review) => review.user));
  const reasons = teamReasons(facts, demand, approvers);
  // A count of 0 switches all the rest off, code owners included.
  if (demand.count < 1) return reasons;
  if (counted.some((review) => review.state === 'CHANGES_REQUESTED'))
    reasons.push('Changes have been requested by a reviewer with write access.');
  if (approvers.size < demand.count) reasons.push(countReason(demand.count));
  if (demand.codeOwners) reasons.push(...ownerReasons(facts, approvers));
  if (demand.lastPushApproval && !hasLastPushApproval(facts.pull, approvals))
    reasons.push('New changes require approval from someone other than the last pusher.');
  return reasons;
}

function countReason(count: number): string {
  const noun = count === 1 ? 'review is' : 'reviews are';
  return `At least ${count} approving ${noun} required by reviewers with write access.`;
}

function hasLastPushApproval(pull: PullRequest, approvals: Review[]): boolean {
  return approvals.some((review) => review.commitId === pull.headSha && review.user !== pull.lastPusher);
}

function teamReasons(facts: ReviewFacts, demand: ReviewDemand, approvers: Set<string>): string[] {
  return demand.teams.flatMap(({ filePatterns, minimumApprovals, teamId }) => {
    const path = facts.changedPaths.find((one) => matchesPatterns(filePatterns, one));
    if (path === undefined) return [];
    const team = facts.people.teamById(teamId);
    const given = [...approvers].filter((login) => team?.members.has(login)).length;
    if (given >= minimumApprovals) return [];
    const noun = minimumApprovals === 1 ? 'approving review' : 'approving reviews';
    return [`At least ${minimumApprovals} ${noun} by the team ${team?.name ?? teamId} required for ${path}.`];
  });
}

function ownerReasons(facts: ReviewFacts, approvers: Set<string>): string[] {
  const waitingFor = new Set<string>();
  for (const path of facts.changedPaths) {
    const owners = ownersOf(facts.codeOwners, path);
    const logins = ownerLogins(owners, facts.people);
    if (logins.size > 0 && ![...logins].some((login) => approvers.has(login)))
      waitingFor.add(owners.join(' or '));
  }
  return waitingFor.size === 0 ? [] : [`Waiting on code owner review from ${[...waitingFor].join(', ')}.`];
}
