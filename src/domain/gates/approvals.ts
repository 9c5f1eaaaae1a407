import type { Approver, GateSpec } from '../gate-spec.ts';
import type { GateFacts, OwnedFile, ReviewerFact, ReviewFact } from './facts.ts';
import type { GateResult } from './gate.ts';

type ApprovalsSpec = Extract<GateSpec, { kind: 'approvals' }>;

/**
 * Passes when enough people approved the current head. A person's latest review counts; neither the author of the
 * change nor whoever asked for the promotion counts unless the config says so; bots never do.
 */
export function evaluateApprovals(spec: ApprovalsSpec, facts: GateFacts): GateResult {
  const gate = 'approvals';
  const missing = findUnknown(spec, facts);
  if (missing) return { gate, state: 'waiting', reason: missing };
  const reviews = latestReviews(facts);
  const people = facts.reviewers.known ? facts.reviewers.value : new Map<string, ReviewerFact>();
  const owned = facts.owners.known ? facts.owners.value : [];
  const verdicts = reviews.map((review) => ({
    review,
    ...judge(spec, facts, review, people.get(key(review.reviewer)), owned),
  }));

  const objection = verdicts.find(({ review, eligible }) => eligible && review.state === 'changes-requested');
  if (objection) {
    return {
      gate,
      state: 'failed',
      reason: `${objection.review.reviewer} requested changes; a new review or a dismissal lifts that`,
    };
  }
  const approvals = verdicts.filter(({ review }) => review.state === 'approved');
  const counted = approvals.filter(({ eligible }) => eligible).map(({ review }) => review.reviewer);
  const uncounted = approvals.flatMap(({ why }) => (why ? [why] : []));
  const unowned = needsOwners(spec) ? filesWithoutOwner(counted, people, owned) : [];
  const count = `${counted.length} of ${spec.count} ${spec.count === 1 ? 'approval' : 'approvals'}`;
  if (counted.length >= spec.count && unowned.length === 0) {
    return { gate, state: 'passed', reason: `${count}: approved by ${counted.join(', ')}` };
  }
  const need = [`${count} from ${spec.from.map(describeApprover).join(' or ')}`];
  if (counted.length >= spec.count) need.push(`no code owner has approved \`${unowned[0]}\``);
  return { gate, state: 'waiting', reason: [...need, ...uncounted].join('; ') };
}

/** Unknown facts matter only once somebody has reviewed: nobody's approval is missing for sure. */
function findUnknown(spec: ApprovalsSpec, facts: GateFacts): string | null {
  if (!facts.reviews.known) return facts.reviews.reason;
  if (facts.reviews.value.length === 0) return null;
  if (!facts.reviewers.known) return facts.reviewers.reason;
  if (!spec.allowAuthor && !facts.authors.known) return facts.authors.reason;
  if (!spec.allowRequester && !facts.requests.known) return facts.requests.reason;
  if (spec.from.some(({ kind }) => kind === 'codeowners') && !facts.owners.known) return facts.owners.reason;
  return null;
}

/** A comment does not take back an approval; anything else does. */
function latestReviews(facts: GateFacts): ReviewFact[] {
  const latest = new Map<string, ReviewFact>();
  for (const review of facts.reviews.known ? facts.reviews.value : []) {
    if (review.state !== 'commented') latest.set(key(review.reviewer), review);
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
  const requesters = facts.requests.known ? facts.requests.value.map(({ requester }) => requester) : [];
  if (review.isBot) return no('a bot cannot approve');
  if (!person?.canWrite) return no('no write access to this repository');
  if (!spec.from.some((approver) => matches(approver, name, person, owned)))
    return no('not among those who may approve');
  if (!spec.allowAuthor && includes(authors, name)) return no('author of the change');
  if (!spec.allowRequester && includes(requesters, name)) return no('asked for this promotion');
  if (review.state === 'approved' && review.sha !== facts.headSha)
    return no(`given to ${review.sha.slice(0, 7)}, not to the current head`);
  return { eligible: true, why: null };
}

function matches(
  approver: Approver,
  login: string,
  person: ReviewerFact,
  owned: readonly OwnedFile[],
): boolean {
  switch (approver.kind) {
    case 'write':
      return person.canWrite;
    case 'user':
      return key(approver.login) === key(login);
    case 'team':
      return includes(person.teams, `${approver.organization}/${approver.slug}`);
    case 'codeowners':
      return owned.some(({ owners }) => ownsAny(owners, login, person));
  }
}

function ownsAny(owners: readonly string[], login: string, person: ReviewerFact): boolean {
  return includes(owners, login) || person.teams.some((team) => includes(owners, team));
}

/** With `codeowners` as the only approvers, each changed file that has owners needs one of them. */
function needsOwners(spec: ApprovalsSpec): boolean {
  return spec.from.every(({ kind }) => kind === 'codeowners');
}

function filesWithoutOwner(
  approvers: readonly string[],
  people: ReadonlyMap<string, ReviewerFact>,
  owned: readonly OwnedFile[],
): string[] {
  const approved = ({ owners }: OwnedFile) =>
    approvers.some((login) => ownsAny(owners, login, people.get(key(login))!));
  return owned.filter((file) => file.owners.length > 0 && !approved(file)).map(({ path }) => path);
}

/** An approver as people say it. */
export function describeApprover(approver: Approver): string {
  switch (approver.kind) {
    case 'write':
      return 'people with write access';
    case 'user':
      return approver.login;
    case 'team':
      return `team ${approver.organization}/${approver.slug}`;
    case 'codeowners':
      return 'code owners';
  }
}

/** Logins and team names differ in case only by how people write them. */
function includes(names: readonly string[], name: string): boolean {
  return names.some((each) => key(each) === key(name));
}

function key(login: string): string {
  return login.toLowerCase();
}
