import { issueOf } from '../pull-git.ts';
import type { PullRequest, Repository } from '../state.ts';
import { connection, GraphError, type GraphObject } from './execute.ts';

const LONGEST_PAGE = 100;

/**
 * Pull requests as a query asks for them, those of forks with the same branch included, oldest first unless it says
 * otherwise. https://docs.github.com/en/graphql/reference/objects#repository
 */
export function listPullObjects(
  repository: Repository,
  args: Record<string, unknown>,
  toObject: (pull: PullRequest) => GraphObject,
): GraphObject {
  const { headRefName, baseRefName, states, first, orderBy } = args as {
    headRefName?: string;
    baseRefName?: string;
    states?: string[];
    first?: number;
    orderBy?: { direction: string };
  };
  if (first === undefined || first < 1 || first > LONGEST_PAGE) {
    const message = `You must provide a \`first\` value of 1 to ${LONGEST_PAGE} to properly paginate the \`pullRequests\` connection.`;
    throw new GraphError('MISSING_PAGINATION_BOUNDARIES', message);
  }
  const found = [...repository.pulls.values()]
    .filter((pull) => headRefName === undefined || pull.headRef === headRefName)
    .filter((pull) => baseRefName === undefined || pull.baseRef === baseRefName)
    .filter((pull) => !states || states.includes(stateOf(repository, pull)))
    .sort((one, other) => one.number - other.number);
  if (orderBy?.direction === 'DESC') found.reverse();
  return connection('PullRequest', found.slice(0, first).map(toObject), found.length);
}

export function stateOf(repository: Repository, pull: PullRequest): string {
  return pull.merged ? 'MERGED' : issueOf(repository, pull).state.toUpperCase();
}

/** What a list of pull requests shows of one beside its own fields. */
export function listedFields(repository: Repository, pull: PullRequest): GraphObject['fields'] {
  const labels = () =>
    connection(
      'Label',
      issueOf(repository, pull).labels.map((name) => ({ type: 'Label', fields: { name } })),
    );
  return {
    isCrossRepository: pull.headRepository !== repository.fullName,
    labels,
    mergeCommit:
      pull.merged && pull.mergeCommitSha ? { type: 'Commit', fields: { oid: pull.mergeCommitSha } } : null,
  };
}
