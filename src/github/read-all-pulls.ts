import type { PullReader } from '../promotion/ports/pulls.ts';
import { toPull } from './read-collaboration.ts';
import type { RepositoryContext } from './repository-context.ts';

/** Reads what the history asks of pull requests that may have ended long ago. */
export function makeAllPullsReader({
  client,
  identity,
  owner,
  name,
}: RepositoryContext): Pick<PullReader, 'listAllPulls' | 'readCloser'> {
  const repo = { owner, repo: name };
  return {
    async listAllPulls(page) {
      const order = { state: 'all', sort: 'created', direction: 'asc' } as const;
      const { data } = await client.rest.pulls.list({ ...repo, ...order, per_page: 100, page });
      return data.map((raw) => toPull(raw, `${owner}/${name}`, identity));
    },
    async readCloser(number) {
      // Only what GitHub says of it as an issue has this: https://docs.github.com/en/rest/issues/issues#get-an-issue
      const { data } = await client.rest.issues.get({ ...repo, issue_number: number });
      const login = data.closed_by?.login;
      return login === undefined ? null : { login, isSluices: login === identity.botLogin };
    },
  };
}
