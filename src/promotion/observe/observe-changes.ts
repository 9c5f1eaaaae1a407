import type { GateSpec } from '../../domain/gate-spec.ts';
import type { ChangesFact, PullFact } from '../../domain/gates/facts.ts';
import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { hasRole } from '../../domain/role.ts';
import type { PromotionTrailers } from '../../domain/trailers.ts';
import { orUnknown } from '../or-unknown.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { FactsInput } from './facts-input.ts';
import type { Landing, Provenance } from './follow-changes.ts';
import { readPullAuthors } from './observe-authors.ts';

type PullRequestSpec = Extract<GateSpec, { kind: 'pull-request' }>;

/**
 * The pull requests, pushes and builds that led to what a promotion carries; `trailers` are those of its head, null for
 * one that is yet to be made. Reads nothing unless a gate asks, and reviews only when one asks for them.
 */
export async function observeChanges(
  input: FactsInput,
  trailers: PromotionTrailers | null,
): Promise<Known<ChangesFact>> {
  const gates = input.gates.filter((gate): gate is PullRequestSpec => gate.kind === 'pull-request');
  if (gates.length === 0) return unknown('not looked up');
  const wantsReviews = gates.some(({ reviews }) => reviews > 0);
  return orUnknown('the pull requests that led to the release', async () => {
    const { landings, gaps } = await provenanceOf(input, trailers);
    const fact: ChangesFact = { pulls: [], pushes: [], builds: [], gaps };
    for (const landing of landings) await add(fact, input.reader, landing, wantsReviews);
    return fact;
  });
}

async function provenanceOf(
  { follow, due, builds }: FactsInput,
  trailers: PromotionTrailers | null,
): Promise<Provenance> {
  const from = trailers?.from ?? due?.from ?? [];
  if (from.length > 0) return follow(from);
  const build = builds.find(({ commit }) => commit !== null);
  const source = trailers ? trailers.source : build ? `${build.repository}@${build.commit}` : null;
  return { landings: [{ kind: 'build', authors: [], source }], gaps: [] };
}

async function add(
  fact: ChangesFact,
  reader: RepositoryReader,
  landing: Landing,
  wantsReviews: boolean,
): Promise<void> {
  if (landing.kind === 'push') fact.pushes.push(landing.commit.sha);
  else if (landing.kind === 'build') fact.builds.push(landing.source);
  else fact.pulls.push(await readPull(reader, landing, wantsReviews));
}

/** Who wrote it, and who may write, matters only for those who approved. */
async function readPull(
  reader: RepositoryReader,
  landing: Extract<Landing, { kind: 'pull' }>,
  wantsReviews: boolean,
): Promise<PullFact> {
  const { number, headSha, labels } = landing.pull;
  const reviews = wantsReviews ? await reader.listReviews(number) : [];
  const approvers = reviews.filter(({ state, isBot }) => state === 'approved' && !isBot);
  const authors = approvers.length > 0 ? await readPullAuthors(landing) : known([]);
  const writers: string[] = [];
  for (const reviewer of new Set(approvers.map((review) => review.reviewer))) {
    if (hasRole(await reader.readRole(reviewer), 'write')) writers.push(reviewer);
  }
  return { number, headSha, labels, reviews, authors, writers };
}
