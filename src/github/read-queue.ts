import { QUEUE_PREFIX } from '../domain/queue-branch.ts';
import type { AheadCommit } from '../promotion/ports/git.ts';
import type { RepositoryReader } from '../promotion/ports/repository.ts';
import { loginOf } from './read-git.ts';
import type { RepositoryContext } from './repository-context.ts';

type QueueReader = Pick<RepositoryReader, 'listQueueBranches' | 'readMergeBase' | 'listAhead'>;

const PAGE = 100;
const MOST_PAGES = 5;

/** Reads the branches of a merge queue, and where two lines of commits parted. */
export function makeQueueReader({ client, owner, name, cache }: RepositoryContext): QueueReader {
  const repo = { owner, repo: name };
  return {
    async listQueueBranches(base) {
      // https://docs.github.com/en/rest/git/refs#list-matching-references
      const { data } = await client.rest.git.listMatchingRefs({
        ...repo,
        ref: `heads/${QUEUE_PREFIX}${base}`,
      });
      return data.map(({ ref, object }) => ({ branch: ref.slice('refs/heads/'.length), sha: object.sha }));
    },
    async readMergeBase(one, other) {
      if (one === other) return one;
      const key = `${owner}/${name} ${one} ${other}`;
      const kept = cache.mergeBases.get(key);
      if (kept !== undefined) return kept;
      // The files stand on the first page alone: https://docs.github.com/en/rest/commits/commits#compare-two-commits
      const { data } = await client.rest.repos.compareCommitsWithBasehead({
        ...repo,
        basehead: `${one}...${other}`,
        page: 2,
        per_page: 1,
      });
      cache.mergeBases.set(key, data.merge_base_commit.sha);
      return data.merge_base_commit.sha;
    },
    // Oldest first: https://docs.github.com/en/rest/commits/commits#compare-two-commits
    async listAhead(base, head) {
      const found: AheadCommit[] = [];
      for (let page = 1; page <= MOST_PAGES; page++) {
        const basehead = `${base}...${head}`;
        const { data } = await client.rest.repos.compareCommitsWithBasehead({
          ...repo,
          basehead,
          page,
          per_page: PAGE,
        });
        found.push(
          ...data.commits.map(({ sha, parents, author }) => ({
            sha,
            parents: parents.map((parent) => parent.sha),
            authorLogin: loginOf(author),
          })),
        );
        if (found.length >= data.total_commits) return found;
      }
      return null;
    },
  };
}
