import type { GateSpec } from '../gate-spec.ts';
import { hasRole } from '../role.ts';
import { approversOf, evaluateRule } from './approval-rules.ts';
import { includesName, isApprover, keyOf } from './approvers.ts';
import { describeProtection } from './describe-protection.ts';
import type { GateFacts, OwnedFile, ReviewerFact, ReviewFact } from './facts.ts';
import type { GateResult } from './gate.ts';

type ApprovalsSpec = Extract<GateSpec, { kind: 'approvals' }>;

/**
 * Passes when enough people approved the current head. A person's latest review counts; neither the author of the
 * change nor whoever asked for the promotion counts unless the config says so; bots and whoever updated the branch
 * never do.
 */
export function evaluateApprovals(spec: ApprovalsSpec, facts: GateFacts): GateResult {
  const { reason, ...result } = evaluateReviews(spec, facts);
  return {
    gate: 'approvals',
    ...result,
    reason: [reason, ...describeProtection(spec.rule, facts.protection)].join('; '),
  };
}

function evaluateReviews(spec: ApprovalsSpec, facts: GateFacts): Omit<GateResult, 'gate'> {
  const missing = findUnknown(spec, facts);
  if (missing) return { state: 'waiting', reason: missing };
  const { people, owned } = peopleOf(facts);
  const verdicts = judgeReviews(spec, facts);
  const objection = verdicts.find(({ review, eligible }) => eligible && review.state === 'changes-requested');
  if (objection) {
    return {
      state: 'failed',
      reason: `${objection.review.reviewer} requested changes; a new review or a dismissal lifts that`,
      ...sinceLast([objection.review]),
    };
  }
  const approvals = verdicts.filter(({ review }) => review.state === 'approved');
  const logins = approvals.filter(({ eligible }) => eligible).map(({ review }) => review.reviewer);
  const uncounted = approvals.flatMap(({ why }) => (why ? [why] : []));
  const { isMet, by, text } = evaluateRule(spec.rule, { logins, people, owned });
  if (!isMet) return { state: 'waiting', reason: [text, ...uncounted].join('; ') };
  const counted = approvals.map(({ review }) => review).filter(({ reviewer }) => by.includes(reviewer));
  return { state: 'passed', reason: `${text}: approved by ${by.join(', ')}`, ...sinceLast(counted) };
}

/** The time of the last of them, when GitHub told all times. */
function sinceLast(reviews: readonly ReviewFact[]): Pick<GateResult, 'sinceMs'> {
  const times = reviews.flatMap(({ atMs }) => atMs ?? []);
  return times.length > 0 && times.length === reviews.length ? { sinceMs: Math.max(...times) } : {};
}

/** Each person's latest review, and whether it counts. */
export interface ReviewVerdict {
  review: ReviewFact;
  eligible: boolean;
  /** Why it does not count; null when it does. */
  why: string | null;
}

/** Whose latest review counts for this head. What is not known is taken for empty. */
export function judgeReviews(spec: ApprovalsSpec, facts: GateFacts): ReviewVerdict[] {
  const { people, owned } = peopleOf(facts);
  return latestReviews(facts).map((review) => ({
    review,
    ...judge(spec, facts, review, people.get(keyOf(review.reviewer)), owned),
  }));
}

function peopleOf({ reviewers, owners }: GateFacts) {
  return {
    people: reviewers.known ? reviewers.value : new Map<string, ReviewerFact>(),
    owned: owners.known ? owners.value : [],
  };
}

/** Unknown facts matter only once somebody has reviewed: nobody's approval is missing for sure. */
function findUnknown(spec: ApprovalsSpec, facts: GateFacts): string | null {
  if (!facts.reviews.known) return facts.reviews.reason;
  if (facts.reviews.value.length === 0) return null;
  if (!facts.reviewers.known) return facts.reviewers.reason;
  if (!spec.allowAuthor && !facts.authors.known) return facts.authors.reason;
  if (!spec.allowRequester && !facts.requests.known) return facts.requests.reason;
  if (!facts.pushers.known) return facts.pushers.reason;
  const namesOwners = approversOf(spec.rule).some(({ kind }) => kind === 'codeowners');
  return namesOwners && !facts.owners.known ? facts.owners.reason : null;
}

/** A comment does not take back an approval; anything else does. */
function latestReviews(facts: GateFacts): ReviewFact[] {
  const latest = new Map<string, ReviewFact>();
  for (const review of facts.reviews.known ? facts.reviews.value : []) {
    if (review.state !== 'commented') latest.set(keyOf(review.reviewer), review);
  }
  return [...latest.values()];
}

function judge(
  spec: ApprovalsSpec,
  facts: GateFacts,
  review: ReviewFact,
  person: ReviewerFact | undefined,
  owned: readonly OwnedFile[],
): { eligible: boolean; why: string | null } {
  const name = review.reviewer;
  const no = (why: string) => ({ eligible: false, why: `${name}'s does not count: ${why}` });
  const authors = facts.authors.known ? facts.authors.value : [];
  const requesters = facts.requests.known
    ? facts.requests.value.filter((each) => !each.isApproval).map(({ requester }) => requester)
    : [];
  const pushers = facts.pushers.known ? facts.pushers.value : [];
  if (review.isBot) return no('a bot cannot approve');
  if (!person || !hasRole(person.role, 'write')) return no('no write access to this repository');
  if (!approversOf(spec.rule).some((approver) => isApprover(approver, name, person, owned)))
    return no('not among those who may approve');
  if (!spec.allowAuthor && includesName(authors, name)) return no('author of the change');
  if (!spec.allowRequester && includesName(requesters, name)) return no('asked for this promotion');
  // What a person brought onto the branch changes nothing for their objection.
  if (review.state === 'approved' && includesName(pushers, name)) return no('pressed "Update branch"');
  if (review.state === 'approved' && review.sha !== facts.headSha)
    return no(`given to ${review.sha.slice(0, 7)}, not to the current head`);
  return { eligible: true, why: null };
}
