import { subject } from '../../domain/compare-values.ts';
import type { Promotion } from '../../domain/promotion.ts';
import type { Settings } from '../../domain/settings.ts';
import { targetKey } from '../../domain/target.ts';
import { once } from '../once.ts';
import { onceEach } from '../once-each.ts';
import type { Commit } from '../ports/git.ts';
import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Target } from '../snapshot.ts';
import { findSetters, type Setter, type SetValue } from './find-setters.ts';
import { readMember } from './observe-pulls.ts';

/** Longest chain of promotions that is followed back. */
const MOST_STEPS = 12;
/** A page of GitHub's: https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit */
const MOST_PULLS_OF_COMMIT = 30;

type PullCommits = Awaited<ReturnType<RepositoryReader['listPullCommits']>>;

/** How a part of a release came into the repository. */
export type Landing =
  | {
      kind: 'pull';
      pull: Pull;
      /** Asks once, however often it is called. */
      listCommits: () => Promise<PullCommits>;
    }
  | { kind: 'push'; commit: Commit }
  | {
      kind: 'build';
      /** Logins of those who caused it; `UNKNOWN_AUTHOR` for one who cannot be told. */
      authors: readonly string[];
      /** `owner/name@sha` of what was built; null when that is not known. */
      source: string | null;
    };

/** Where all that a promotion changes came from. */
export interface Provenance {
  /** Each pull request and each commit once. */
  landings: Landing[];
  /** Why something may be missing. */
  gaps: string[];
}

/** Where changes are looked for. */
export interface ChangeSearch {
  reader: RepositoryReader;
  base: Base;
  settings: Settings;
  byTarget: ReadonlyMap<string, Target>;
}

interface Trail extends ChangeSearch {
  application: string;
  landings: Map<string, Landing>;
  gaps: string[];
}

/** Follows a promotion's changes back from these source environments; once for each look, however often it is called. */
export type FollowChanges = (from: readonly string[]) => Promise<Provenance>;

/** A follower of the changes that are due; without any, it finds a gap instead. */
export function followerOf(search: ChangeSearch, due: Promotion | null): FollowChanges {
  const walk = onceEach<Provenance>();
  return (from) => walk(JSON.stringify(from), () => followChanges(search, from, due));
}

/**
 * For each value that a promotion changes, the commit that set it is followed back from environment to environment,
 * through Sluice's own promotions, to the pull requests, pushes and builds that brought it.
 */
async function followChanges(
  search: ChangeSearch,
  from: readonly string[],
  due: Promotion | null,
): Promise<Provenance> {
  if (due === null) return { landings: [], gaps: ['what this pull request carries is not due any more'] };
  const trail: Trail = { ...search, application: due.application, landings: new Map(), gaps: [] };
  const values = due.changes.map(({ kind, name, part, from, to }) => {
    const replaces = kind === 'file' ? (from?.split(' ')[1] ?? null) : null;
    return { kind, name, part, value: to, replaces };
  });
  for (const source of from) await follow(trail, source, values, search.base.commit.sha, 0);
  return { landings: [...trail.landings.values()], gaps: trail.gaps };
}

/** Adds where values came from that an environment held at a commit of the default branch. */
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

/** Adds what is behind a commit of the default branch: its pull requests, or the commit itself. */
async function addLanding(trail: Trail, { commit, values }: Setter, step: number): Promise<void> {
  const { reader, base, landings, gaps } = trail;
  const short = commit.sha.slice(0, 7);
  if (commit.files === null && values.some(({ kind }) => kind === 'file')) {
    gaps.push(`${short} changed more files than GitHub lists`);
  }
  const listed = await reader.listPullsOfCommit(commit.sha);
  if (listed.length >= MOST_PULLS_OF_COMMIT) gaps.push(`${short} is in more pull requests than GitHub lists`);
  const pulls = listed.filter((pull) => pull.isMerged && pull.base === base.branch);
  if (pulls.length === 0) landings.set(`push ${commit.sha}`, { kind: 'push', commit });
  for (const pull of pulls) {
    if (pull.isSluices) await followPromotion(trail, pull, values, step);
    else if (!landings.has(`pull ${pull.number}`)) {
      const listCommits = once(() => reader.listPullCommits(pull.number));
      landings.set(`pull ${pull.number}`, { kind: 'pull', pull, listCommits });
    }
  }
}

async function followPromotion(
  trail: Trail,
  pull: Pull,
  values: readonly SetValue[],
  step: number,
): Promise<void> {
  const head = await trail.reader.readCommit(pull.headSha);
  const trailers = readMember(head, pull.branch, trail.application);
  if (!trailers) trail.gaps.push(`#${pull.number} was merged with a head that Sluice did not make`);
  else if (trailers.from.length === 0) {
    const { authors, source } = trailers;
    trail.landings.set(`build ${pull.number}`, { kind: 'build', authors, source });
  } else {
    for (const source of trailers.from) await follow(trail, source, values, head.parents.at(-1)!, step + 1);
  }
}
