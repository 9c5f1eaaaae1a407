import { subject } from '../domain/compare-values.ts';
import { type Known, known, unknown } from '../domain/gates/gate.ts';
import type { Promotion } from '../domain/promotion.ts';
import type { Settings } from '../domain/settings.ts';
import { targetKey } from '../domain/target.ts';
import { type PromotionTrailers, UNKNOWN_AUTHOR } from '../domain/trailers.ts';
import { findSetters, type Setter, type SetValue } from './find-setters.ts';
import { readTrailers } from './observe-pulls.ts';
import type { Commit, Pull, RepositoryReader } from './ports.ts';
import type { Base, Target } from './snapshot.ts';

/** Longest chain of promotions that is followed back. */
const MOST_STEPS = 12;
/** GitHub lists no more: https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request */
const MOST_PULL_COMMITS = 250;

/** Where authors are looked for. */
export interface AuthorSearch {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  byTarget: ReadonlyMap<string, Target>;
}

/** What is asked of a head, or of one that is to be made. */
export type Carrier = Pick<PromotionTrailers, 'application' | 'from' | 'authors' | 'source'>;

interface Trail extends AuthorSearch {
  application: string;
  authors: Set<string>;
  /** Why some author may be missing. */
  gaps: string[];
}

/**
 * Logins of the people who wrote what a promotion carries. For each value that it changes, the commit that set it is
 * followed back from environment to environment, to the people who changed the first one or caused the build. One who
 * cannot be told makes all unknown: it might be the one who approves.
 */
export async function readAuthors(
  search: AuthorSearch,
  { trailers }: { trailers: Carrier | null },
  due: Promotion | null,
): Promise<Known<readonly string[]>> {
  if (!trailers) return unknown('who wrote the change is not known: Sluice did not make the head');
  const { application, from } = trailers;
  const trail: Trail = { ...search, application, authors: new Set(), gaps: [] };
  if (from.length === 0) addBuildAuthors(trail, trailers);
  else if (due === null) trail.gaps.push('what this pull request carries is not due any more');
  else {
    const values = due.changes.map(({ kind, name, part, from, to }) => {
      const replaces = kind === 'file' ? (from?.split(' ')[1] ?? null) : null;
      return { kind, name, part, value: to, replaces };
    });
    for (const source of from) await follow(trail, source, values, search.base.commit.sha, 0);
  }
  const [gap] = trail.gaps;
  if (gap === undefined) return known([...trail.authors]);
  return unknown(`who wrote the change is not known for sure: ${gap}. \`allow-author: true\` lets it go on`);
}

/** Adds the authors of values that an environment held at a commit of the default branch. */
async function follow(
  trail: Trail,
  environment: string,
  values: readonly SetValue[],
  sha: string,
  step: number,
): Promise<void> {
  const { reader, base, settings, byTarget, application, gaps } = trail;
  const target = byTarget.get(targetKey({ application, environment }));
  if (!target) gaps.push(`${environment} does not hold ${application} any more`);
  else if (step >= MOST_STEPS) gaps.push('it came through too many promotions');
  if (!target || step >= MOST_STEPS) return;
  const history = { reader, base, rules: settings.promote, target };
  const { setters, unexplained } = await findSetters(history, sha, values);
  if (unexplained.length > 0) {
    gaps.push(
      `the commit that set ${subject(unexplained[0]!)} in ${environment} was not found in recent history`,
    );
  }
  for (const setter of setters) await addLanding(trail, setter, step);
}

/** Adds who is behind a commit of the default branch: the people of its pull request, or of the commit itself. */
async function addLanding(trail: Trail, { commit, values }: Setter, step: number): Promise<void> {
  const { reader, base } = trail;
  const short = commit.sha.slice(0, 7);
  if (commit.files === null && values.some(({ kind }) => kind === 'file')) {
    trail.gaps.push(`${short} changed more files than GitHub lists`);
  }
  const listed = await reader.listPullsOfCommit(commit.sha);
  const pulls = listed.filter((pull) => pull.isMerged && pull.base === base.branch);
  if (pulls.length === 0) addPerson(trail, commit, short);
  for (const pull of pulls) {
    if (pull.isSluices) await followPromotion(trail, pull, values, step);
    else await addPullAuthors(trail, pull);
  }
}

async function followPromotion(
  trail: Trail,
  pull: Pull,
  values: readonly SetValue[],
  step: number,
): Promise<void> {
  const head = await trail.reader.readCommit(pull.headSha);
  const trailers = readTrailers(head, pull.branch);
  if (!trailers) trail.gaps.push(`#${pull.number} was merged with a head that Sluice did not make`);
  else if (trailers.from.length === 0) addBuildAuthors(trail, trailers);
  else {
    for (const source of trailers.from) await follow(trail, source, values, head.parents.at(-1)!, step + 1);
  }
}

function addBuildAuthors(
  trail: Trail,
  { authors, source }: { authors: string[]; source: string | null },
): void {
  for (const author of authors) if (author !== UNKNOWN_AUTHOR) trail.authors.add(author);
  if (authors.length === 0 || authors.includes(UNKNOWN_AUTHOR)) {
    trail.gaps.push(`nobody is named as the cause of the build${source ? ` ${source}` : ''}`);
  }
}

/** A pull request may hold commits of others than of who opened it. */
async function addPullAuthors(trail: Trail, pull: Pull): Promise<void> {
  trail.authors.add(pull.author);
  const commits = await trail.reader.listPullCommits(pull.number);
  if (commits.length >= MOST_PULL_COMMITS)
    trail.gaps.push(`#${pull.number} has more commits than GitHub lists`);
  for (const commit of commits) addPerson(trail, commit, `${commit.sha.slice(0, 7)} in #${pull.number}`);
}

function addPerson(
  { authors, gaps }: Trail,
  { authorLogin, committerLogin }: Pick<Commit, 'authorLogin' | 'committerLogin'>,
  where: string,
): void {
  if (committerLogin !== null && committerLogin !== 'web-flow') authors.add(committerLogin);
  if (authorLogin !== null) authors.add(authorLogin);
  else gaps.push(`the author of ${where} has no GitHub account with that e-mail address`);
}
