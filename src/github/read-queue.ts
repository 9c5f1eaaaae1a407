import { QUEUE_PREFIX } from '../domain/queue-branch.ts';
import type { RepositoryReader } from '../promotion/ports/repository.ts';
import type { RepositoryContext } from './read-git.ts';

type QueueReader = Pick<RepositoryReader, 'listQueueBranches' | 'readMergeBase'>;

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
  };
}
