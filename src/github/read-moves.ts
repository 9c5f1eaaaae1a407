import type { BranchMove } from '../promotion/ports/git.ts';
import type { RepositoryReader } from '../promotion/ports/repository.ts';
import type { RepositoryContext } from './repository-context.ts';

type MoveReader = Pick<RepositoryReader, 'listMoves' | 'isAncestor'>;

const PAGE = 100;
const MOST_PAGES = 10;

/** https://docs.github.com/en/rest/repos/repos#list-repository-activities */
const REWRITES = ['force_push', 'branch_creation', 'branch_deletion'];

/** Reads what GitHub recorded of a branch, with its own times, and how commits follow each other. */
export function makeMoveReader({ client, owner, name, cache }: RepositoryContext): MoveReader {
  const repo = { owner, repo: name };
  return {
    async listMoves(branch, untilMs) {
      const moves: BranchMove[] = [];
      const query = { ...repo, ref: `refs/heads/${branch}`, per_page: PAGE };
      const pages = client.paginate.iterator(client.rest.repos.listActivities, query);
      let count = 0;
      for await (const { data } of pages) {
        moves.push(...data.map(toMove));
        count += 1;
        if (count >= MOST_PAGES || (moves.at(-1)?.atMs ?? 0) < untilMs) break;
      }
      return moves;
    },
    async isAncestor(ancestor, sha) {
      if (ancestor === sha) return true;
      const key = `${owner}/${name} ${ancestor} ${sha}`;
      const kept = cache.ancestry.get(key);
      if (kept !== undefined) return kept;
      const basehead = `${ancestor}...${sha}`;
      // The files stand on the first page alone: https://docs.github.com/en/rest/commits/commits#compare-two-commits
      const { data } = await client.rest.repos.compareCommitsWithBasehead({
        ...repo,
        basehead,
        page: 2,
        per_page: 1,
      });
      const holds = data.status === 'ahead' || data.status === 'identical';
      cache.ancestry.set(key, holds);
      return holds;
    },
  };
}

function toMove({
  before,
  after,
  timestamp,
  activity_type: type,
}: {
  before: string;
  after: string;
  timestamp: string;
  activity_type: string;
}): BranchMove {
  const atMs = Date.parse(timestamp);
  if (Number.isNaN(atMs)) throw new Error('GitHub gives no time for a move of the branch');
  return { before, after, atMs, isRewrite: REWRITES.includes(type) };
}
