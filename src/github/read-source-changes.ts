import { LRUCache } from 'lru-cache';
import { type Known, known } from '../domain/gates/gate.ts';
import type { SourceRange } from '../domain/source-range.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { SourceChanges, SourceReader } from '../promotion/ports/source.ts';
import { type Client, messageOf, statusOf } from './client.ts';
import { loginOf } from './read-git.ts';

const RANGES = 2_000;
const COMMITS = 50_000;
/** What is not there may be there soon: a repository that the App is let into, a tag that is pushed. */
const ABSENT_MS = 10 * 60 * 1000;
/** Who did not answer. */
const AWAY_MS = 60 * 1000;
const HEX = /^[0-9a-f]{7,40}$/;

/**
 * Compares commits of an application's source through the installation that covers it: the first 250 of them, for one
 * call. https://docs.github.com/en/rest/commits/commits#compare-two-commits
 */
export function makeSourceReader(clientOf: (repository: string) => Promise<Client>, log: Log): SourceReader {
  const cache = new LRUCache<string, Known<SourceChanges>>({
    max: RANGES,
    maxSize: COMMITS,
    sizeCalculation: (read) => (read.known ? read.value.commits.length : 0) + 1,
  });
  const keyOf = ({ repository, base, head }: SourceRange) => `${repository} ${base} ${head}`;

  const ask = async (range: SourceRange): Promise<Known<SourceChanges>> => {
    const { repository, base, head } = range;
    try {
      return known(await compare(await clientOf(repository), range));
    } catch (error) {
      const reason = messageOf(error);
      log.warn({ source: repository, base, head, reason }, 'the changes of a source cannot be read');
      const isPassing = ![403, 404, 422].includes(statusOf(error) ?? 0);
      return { known: false, reason, isPassing };
    }
  };
  return {
    recall: (range) => cache.get(keyOf(range)) ?? null,
    async readChanges(range) {
      const key = keyOf(range);
      const kept = cache.get(key);
      if (kept) return kept;
      const read = await ask(range);
      cache.set(key, read, read.known ? {} : { ttl: read.isPassing ? AWAY_MS : ABSENT_MS });
      return read;
    },
  };
}

async function compare(client: Client, { repository, base, head }: SourceRange): Promise<SourceChanges> {
  const [owner, repo] = repository.split('/') as [string, string];
  const { data } = await client.rest.repos.compareCommitsWithBasehead({
    owner,
    repo,
    basehead: `${base}...${head}`,
  });
  const last = data.commits.at(-1)?.sha;
  const isWhole = data.commits.length === data.total_commits;
  // A branch may be called as a commit begins.
  if (isOther(base, data.base_commit.sha) || (isWhole && last !== undefined && isOther(head, last)))
    throw Object.assign(new Error('GitHub compares other commits'), { status: 422 });
  return {
    url: data.html_url,
    repositoryUrl: data.html_url.replace(/\/compare\/.*$/, ''),
    aheadCount: data.total_commits,
    behindCount: data.behind_by,
    commits: data.commits.map(({ sha, html_url: url, commit, author, parents }) => ({
      sha,
      url,
      message: commit.message,
      authorLogin: loginOf(author),
      authorName: commit.author?.name ?? 'unknown',
      isMerge: parents.length > 1,
    })),
  };
}

function isOther(wanted: string, found: string): boolean {
  return HEX.test(wanted) && !found.startsWith(wanted);
}
