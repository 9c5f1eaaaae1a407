import type { Approver, GateSpec } from '../../domain/gate-spec.ts';
import { approversOf } from '../../domain/gates/approval-rules.ts';
import type { GateFacts, OwnedFile, ReviewerFact, ReviewFact } from '../../domain/gates/facts.ts';
import { type Known, known } from '../../domain/gates/gate.ts';
import { policyNeeds } from '../../domain/gates/policy.ts';
import type { Promotion } from '../../domain/promotion.ts';
import { hasRole } from '../../domain/role.ts';
import { targetKey } from '../../domain/target.ts';
import { code } from '../markdown.ts';
import { flattenUnknown, orUnknown } from '../or-unknown.ts';
import { readOverrides } from '../override-check.ts';
import { NOTHING_SAID } from '../plan/next-head-facts.ts';
import type { OwnCheck } from '../ports/checks.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FoundPromotion } from '../snapshot.ts';
import type { FactsInput } from './facts-input.ts';
import { readAuthors } from './observe-authors.ts';
import { observeChanges } from './observe-changes.ts';
import { observeDependencies } from './observe-dependencies.ts';
import { observeEnvironments } from './observe-health.ts';
import { observeHolds } from './observe-holds.ts';
import { observeHttp } from './observe-http.ts';
import { findOwners } from './observe-owners.ts';
import { asksActors, type ComingHead, carriedFact, observeComing, toActors } from './observe-policy.ts';
import { NO_PROTECTION, readProtection } from './observe-protection.ts';
import { readPushers } from './observe-pushers.ts';
import { readRequests } from './observe-requests.ts';
import { needsStatuses, observeSource } from './observe-source.ts';
import { filterTeams } from './read-permitted.ts';

/** Facts that gates need of a head that is to be made: nobody has reviewed or checked it. */
export async function observeNewFacts(input: FactsInput, coming: ComingHead): Promise<GateFacts> {
  return {
    ...NOTHING_SAID,
    ...(await observeSource(input)),
    ...(await observeEnvironments(input)),
    ...observeDependencies(input),
    ...(await observeHttp(input, null)),
    ...(await observeComing(input, coming)),
    changes: await observeChanges(input, null),
    protection: known(NO_PROTECTION),
    holds: await observeHolds(input, input.due?.rollsBack),
  };
}

/** Facts that gates need of an open promotion. Reads only what its environment's gates ask for. */
export async function observeFacts(
  input: FactsInput,
  promotion: FoundPromotion,
): Promise<{ facts: GateFacts; own: OwnCheck[] }> {
  const { reader, gates } = input;
  const { pull } = promotion;
  const runs = await reader.listCheckRuns(pull.headSha);
  const wantsStatuses = gates.some(
    (gate) => gate.kind === 'checks' && gate.on === 'promotion' && needsStatuses(gate),
  );
  const headChecks = await orUnknown('the statuses of the head', async () => [
    ...runs.checks,
    ...(wantsStatuses ? await reader.listStatuses(pull.headSha) : []),
  ]);
  const approvals = gates.filter((gate) => gate.kind === 'approvals');
  const reviews = await orUnknown('the reviews', async () =>
    approvals.length > 0 ? reader.listReviews(pull.number) : [],
  );
  const isReviewed = reviews.known && reviews.value.some(isVerdict);
  const needs = policyNeeds(gates);
  const wantsRequests = isReviewed || gates.some(({ kind }) => kind === 'manual') || asksActors(needs);
  const requests = await orUnknown('the comments', async () =>
    wantsRequests ? readRequests(input, promotion) : [],
  );
  const owners = await flattenUnknown('the code owners', async () =>
    isReviewed ? readOwners(input, approvals, promotion) : known([]),
  );
  const reviewers = await orUnknown('who reviewed', async () =>
    readReviewers(reader, reviews.known ? reviews.value : [], approvals, owners),
  );
  const authors = await flattenUnknown('the authors', async () =>
    isReviewed || needs.has('authors') ? readAuthors(input, promotion) : known([]),
  );
  const pushers = await flattenUnknown('who updated the branch', async () =>
    isReviewed ? readPushers(reader, promotion) : known([]),
  );
  const protection = await orUnknown(`what protects ${code(pull.base)}`, async () =>
    approvals.length > 0 ? readProtection(reader, promotion) : NO_PROTECTION,
  );
  const source = await observeSource(input);
  const facts: GateFacts = {
    headSha: pull.headSha,
    ...source,
    ...(await observeEnvironments(input)),
    ...observeDependencies(input),
    ...(await observeHttp(input, promotion)),
    firstSeenMs: firstSeen(promotion, input.due),
    headChecks,
    overrides: readOverrides(runs.own).filter(({ gate }) => !input.noOverride.includes(gate)),
    reviews,
    reviewers,
    authors,
    requests,
    owners,
    promotion: carriedFact(input.due, promotion),
    actors: toActors(requests),
    changes: await observeChanges(input, promotion.trailers),
    pushers,
    protection,
    holds: await observeHolds(input, promotion.trailers?.rollsBack),
  };
  return { facts, own: runs.own };
}

/** GitHub's signature on what the App commits vouches for its date. */
function firstSeen({ head, trailers }: FoundPromotion, due: Promotion | null): number | null {
  const isSame = due !== null && trailers?.fingerprint === due.release.fingerprint;
  return isSame && head.isSluices === true ? Date.parse(head.committedAt) : null;
}

function isVerdict({ state }: ReviewFact): boolean {
  return state === 'approved' || state === 'changes-requested';
}

async function readReviewers(
  reader: RepositoryReader,
  reviews: readonly ReviewFact[],
  approvals: readonly Extract<GateSpec, { kind: 'approvals' }>[],
  owners: Known<readonly OwnedFile[]>,
): Promise<Map<string, ReviewerFact>> {
  const teams = teamsOf(approvals, owners);
  const people = new Map<string, ReviewerFact>();
  for (const { reviewer, isBot, state } of reviews) {
    const key = reviewer.toLowerCase();
    if (isBot || people.has(key) || state === 'commented') continue;
    const role = await reader.readRole(reviewer);
    const memberOf = hasRole(role, 'write') ? await filterTeams(reader, teams, reviewer) : [];
    people.set(key, { role, teams: memberOf });
  }
  return people;
}

function teamsOf(
  approvals: readonly Extract<GateSpec, { kind: 'approvals' }>[],
  owners: Known<readonly OwnedFile[]>,
): string[] {
  const named = approvals
    .flatMap(({ rule }) => approversOf(rule))
    .filter((approver): approver is Extract<Approver, { kind: 'team' }> => approver.kind === 'team')
    .map(({ organization, slug }) => `${organization}/${slug}`);
  const owning = owners.known
    ? owners.value.flatMap((file) => file.owners.filter((owner) => owner.includes('/')))
    : [];
  return [...new Set([...named, ...owning])];
}

async function readOwners(
  { reader, base, byTarget, location }: FactsInput,
  approvals: readonly Extract<GateSpec, { kind: 'approvals' }>[],
  { pull, group }: FoundPromotion,
): Promise<Known<readonly OwnedFile[]>> {
  const wanted = approvals.some(({ rule }) => approversOf(rule).some(({ kind }) => kind === 'codeowners'));
  if (!wanted) return known([]);
  const paths = await reader.listPullFiles(pull.number);
  // Who owns the files of another application of the group has no say in this one.
  const root = group && byTarget.get(targetKey(location))?.location.root;
  const isOwn = (path: string) => !root || path === root || path.startsWith(`${root}/`);
  return findOwners(reader, base, paths.filter(isOwn));
}
