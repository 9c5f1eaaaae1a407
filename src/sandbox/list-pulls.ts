import type { RouteContext } from './context.ts';
import { issueOf } from './pull-git.ts';
import type { PullRequest, Repository } from './state.ts';

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

/** Pull requests as a query asks for them: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
export function listPulls(c: RouteContext, repository: Repository, nowMs: number): PullRequest[] {
  const { state = 'open', head, base, sort = 'created' } = c.req.query();
  const direction = c.req.query('direction') ?? (sort === 'created' ? 'desc' : 'asc');
  const key = sortKey(repository, sort);
  const pulls = [...repository.pulls.values()]
    .filter((pull) => state === 'all' || issueOf(repository, pull).state === state)
    .filter((pull) => !base || pull.baseRef === base)
    // Without the owner a head is not looked at.
    .filter((pull) => !head?.includes(':') || `${pull.headRepository.split('/')[0]}:${pull.headRef}` === head)
    .filter((pull) => sort !== 'long-running' || isLongRunning(repository, pull, nowMs))
    .sort((a, b) => key(a) - key(b) || a.number - b.number);
  return direction === 'desc' ? pulls.reverse() : pulls;
}

/** What is sorted by: the number alone when it is about creation. */
function sortKey(repository: Repository, sort: string): (pull: PullRequest) => number {
  if (sort === 'updated') return (pull) => Date.parse(issueOf(repository, pull).updatedAt);
  if (sort !== 'popularity') return () => 0;
  const comments = [...repository.comments.values()];
  return (pull) => comments.filter((comment) => comment.issueNumber === pull.number).length;
}

/** Open for more than a month, and something happened within the last. */
function isLongRunning(repository: Repository, pull: PullRequest, nowMs: number): boolean {
  const { createdAt, updatedAt } = issueOf(repository, pull);
  return nowMs - Date.parse(createdAt) > MONTH_MS && nowMs - Date.parse(updatedAt) < MONTH_MS;
}
