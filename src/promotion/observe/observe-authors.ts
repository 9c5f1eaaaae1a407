import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { type PromotionTrailers, UNKNOWN_AUTHOR } from '../../domain/trailers.ts';
import type { Commit } from '../ports/git.ts';
import type { FactsInput } from './facts-input.ts';
import type { Landing } from './follow-changes.ts';

/** GitHub lists no more: https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request */
const MOST_PULL_COMMITS = 250;

/** What is asked of a head, or of one that is to be made. */
export type Carrier = Pick<PromotionTrailers, 'application' | 'from' | 'authors' | 'source' | 'rollsBack'>;

/** People, and why some may be missing. */
interface People {
  authors: Set<string>;
  gaps: string[];
}

/**
 * Logins of the people who wrote what a promotion carries: who changed the first environment or caused the build. One
 * who cannot be told makes all unknown: it might be the one who approves.
 */
export async function readAuthors(
  { follow }: Pick<FactsInput, 'follow'>,
  { trailers }: { trailers: Carrier | null },
): Promise<Known<readonly string[]>> {
  if (!trailers) return unknown('who wrote the change is not known: Sluice did not make the head');
  // Whoever asked for it is told apart; who wrote what comes back has no part in that.
  if (trailers.rollsBack) return known([]);
  const { from, authors, source } = trailers;
  const build: Landing = { kind: 'build', authors, source };
  const { landings, gaps } = from.length === 0 ? { landings: [build], gaps: [] } : await follow(from);
  const people: People = { authors: new Set(), gaps: [...gaps] };
  for (const landing of landings) {
    if (landing.kind === 'build') addBuildAuthors(people, landing);
    else if (landing.kind === 'push') addPerson(people, landing.commit, landing.commit.sha.slice(0, 7));
    else await addPullAuthors(people, landing);
  }
  const [gap] = people.gaps;
  if (gap === undefined) return known([...people.authors]);
  return unknown(`who wrote the change is not known for sure: ${gap}. \`allow-author: true\` lets it go on`);
}

/** Logins of the people who wrote one pull request; unknown, with the bare reason, when one cannot be told. */
export async function readPullAuthors(
  landing: Extract<Landing, { kind: 'pull' }>,
): Promise<Known<readonly string[]>> {
  const people: People = { authors: new Set(), gaps: [] };
  await addPullAuthors(people, landing);
  const [gap] = people.gaps;
  return gap === undefined ? known([...people.authors]) : unknown(gap);
}

function addBuildAuthors(
  people: People,
  { authors, source }: Pick<Extract<Landing, { kind: 'build' }>, 'authors' | 'source'>,
): void {
  for (const author of authors) if (author !== UNKNOWN_AUTHOR) people.authors.add(author);
  if (authors.length === 0 || authors.includes(UNKNOWN_AUTHOR)) {
    people.gaps.push(`nobody is named as the cause of the build${source ? ` ${source}` : ''}`);
  }
}

/** A pull request may hold commits of others than of who opened it. */
async function addPullAuthors(
  people: People,
  { pull, listCommits }: Extract<Landing, { kind: 'pull' }>,
): Promise<void> {
  people.authors.add(pull.author);
  const commits = await listCommits();
  if (commits.length >= MOST_PULL_COMMITS)
    people.gaps.push(`#${pull.number} has more commits than GitHub lists`);
  for (const commit of commits) addPerson(people, commit, `${commit.sha.slice(0, 7)} in #${pull.number}`);
}

function addPerson(
  { authors, gaps }: People,
  { authorLogin, committerLogin }: Pick<Commit, 'authorLogin' | 'committerLogin'>,
  where: string,
): void {
  if (committerLogin !== null && committerLogin !== 'web-flow') authors.add(committerLogin);
  if (authorLogin !== null) authors.add(authorLogin);
  else gaps.push(`the author of ${where} has no GitHub account with that e-mail address`);
}
