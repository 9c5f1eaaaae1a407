import type { Log } from '../promotion/ports/log.ts';
import type { Pull, PullReader } from '../promotion/ports/pulls.ts';
import { messageOf } from './client.ts';
import { restOf } from './rate-limit.ts';
import type { RepositoryContext } from './repository-context.ts';

/** As many of each branch as `listClosedPulls` would give. */
const OF_EACH = 10;
/** Of one query: GitHub counts what it could give. https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
const BRANCHES = 25;

const PULL = `fragment Closed on PullRequestConnection {
  pageInfo { hasNextPage }
  nodes {
    number url title body headRefName headRefOid baseRefName merged createdAt mergedAt closedAt isCrossRepository
    author { __typename login }
    mergeCommit { oid }
    labels(first: 100) { nodes { name } }
  }
}`;

interface RawClosed {
  number: number;
  url: string;
  title: string;
  body: string;
  headRefName: string;
  headRefOid: string;
  baseRefName: string;
  merged: boolean;
  createdAt: string;
  mergedAt: string | null;
  closedAt: string | null;
  isCrossRepository: boolean;
  author: { __typename: string; login: string } | null;
  mergeCommit: { oid: string } | null;
  labels: { nodes: ({ name: string } | null)[] | null } | null;
}

interface RawList {
  pageInfo: { hasNextPage: boolean };
  nodes: (RawClosed | null)[] | null;
}

type ListOf = PullReader['listClosedPullsOf'];

/**
 * The closed pull requests of several branches in one query, where REST takes one call for each. What a query does not
 * tell for certain is asked the other way, by `listOne`.
 */
export function makeClosedReader(
  { client, identity, owner, name }: RepositoryContext,
  listOne: PullReader['listClosedPulls'],
  log: Log,
): ListOf {
  const query = async (branches: readonly string[]): Promise<(Pull[] | null)[]> => {
    const names = branches.map((_, index) => `$b${index}: String!`).join(', ');
    const fields = branches.map(
      (_, index) =>
        `b${index}: pullRequests(headRefName: $b${index}, states: [CLOSED, MERGED], first: ${OF_EACH}, orderBy: {field: CREATED_AT, direction: DESC}) { ...Closed }`,
    );
    const { repository } = await client.graphql<{ repository: Record<string, RawList> }>(
      `query($owner: String!, $name: String!, ${names}) {
        repository(owner: $owner, name: $name, followRenames: false) { ${fields.join('\n')} }
      } ${PULL}`,

      { owner, name, ...Object.fromEntries(branches.map((branch, index) => [`b${index}`, branch])) },
    );
    return branches.map((_, index) => toPulls(repository[`b${index}`], identity.botLogin));
  };
  const ask = async (branches: readonly string[]): Promise<(Pull[] | null)[]> => {
    if (branches.length < 2) return [null];
    try {
      return await query(branches);
    } catch (error) {
      if (restOf(error, 0) !== null) throw error;
      const fields = { repository: `${owner}/${name}`, reason: messageOf(error) };
      log.warn(fields, 'closed pull requests cannot be asked for together; each branch is asked for');
      return branches.map(() => null);
    }
  };
  return async (branches) => {
    const found = new Map<string, Pull[]>();
    for (let at = 0; at < branches.length; at += BRANCHES) {
      const some = branches.slice(at, at + BRANCHES);
      const lists = await ask(some);
      for (const [index, branch] of some.entries()) {
        found.set(branch, lists[index] ?? (await listOne(branch, OF_EACH)));
      }
    }
    return found;
  };
}

/** Null where a fork's, of which there may be any number, took the places of the repository's own. */
function toPulls(list: RawList | undefined, botLogin: string): Pull[] | null {
  const nodes = (list?.nodes ?? [null]).flatMap((node) => node ?? []);
  if (!list || nodes.length < (list.nodes?.length ?? 1)) return null;
  const own = nodes.filter(({ isCrossRepository }) => !isCrossRepository);
  if (list.pageInfo.hasNextPage && own.length < nodes.length) return null;
  return own.map((node) => toPull(node, botLogin));
}

function toPull(raw: RawClosed, botLogin: string): Pull {
  const author = loginOf(raw.author);
  return {
    number: raw.number,
    url: raw.url,
    title: raw.title,
    body: raw.body,
    branch: raw.headRefName,
    headSha: raw.headRefOid,
    base: raw.baseRefName,
    isOpen: false,
    isMerged: raw.merged,
    mergeCommitSha: raw.mergeCommit?.oid ?? null,
    isSluices: author === botLogin,
    isFromFork: false,
    author: author ?? 'ghost',
    createdAt: raw.createdAt,
    mergedAt: raw.mergedAt,
    closedAt: raw.closedAt,
    labels: (raw.labels?.nodes ?? []).flatMap((label) => label?.name ?? []),
  };
}

/** GraphQL names bots without `[bot]`, as a person may be called too. */
function loginOf(author: RawClosed['author']): string | null {
  if (author?.__typename !== 'Bot') return author?.login ?? null;
  return author.login.endsWith('[bot]') ? author.login : `${author.login}[bot]`;
}
