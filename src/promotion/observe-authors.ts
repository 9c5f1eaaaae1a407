import { type Known, known, unknown } from '../domain/gates/gate.ts';
import type { FoundPromotion } from './observe-pulls.ts';
import { readTrailers } from './observe-pulls.ts';
import type { RepositoryReader } from './ports.ts';
import type { Origin } from './snapshot.ts';

/** Longest chain of promotions that is followed back. */
const MOST_STEPS = 12;

/**
 * Logins of the people who wrote what a promotion carries: followed back from environment to environment, through the
 * pull requests that brought the release along, to the person who changed the first environment or caused the build.
 */
export async function readAuthors(
  reader: RepositoryReader,
  promotion: FoundPromotion,
  findOrigins: () => Promise<(Origin | null)[]>,
): Promise<Known<readonly string[]>> {
  const authors = new Set(promotion.trailers?.authors ?? []);
  if (authors.size > 0) return known([...authors]);
  if (promotion.trailers?.source)
    return unknown(`who caused the build ${promotion.trailers.source} is not known`);
  let sha = promotion.trailers?.origin ?? (await findOrigins())[0]?.sha ?? null;
  for (let step = 0; step < MOST_STEPS && sha; step++) {
    const from: string = sha;
    const landed = await readLanding(reader, from);
    for (const author of landed.authors) authors.add(author);
    if (landed.isSluices && landed.authors.length === 0 && !landed.origin) {
      return unknown(`who wrote the change that ${from.slice(0, 7)} brought is not known`);
    }
    sha = landed.authors.length > 0 ? null : landed.origin;
  }
  if (authors.size > 0) return known([...authors]);
  return unknown(
    'who wrote the change is not known, since its commit belongs to no GitHub account: add its e-mail address to an account, or set `allow-author: true`',
  );
}

interface Landing {
  authors: string[];
  isSluices: boolean;
  /** Commit of the source environment that it carried on. */
  origin: string | null;
}

/** Who is behind a commit of the default branch: the author of its pull request, or of the commit itself. */
async function readLanding(reader: RepositoryReader, sha: string): Promise<Landing> {
  const pull = (await reader.listPullsOfCommit(sha)).find(({ isMerged }) => isMerged);
  if (pull?.isSluices) {
    const trailers = readTrailers(await reader.readCommit(pull.headSha), pull.branch);
    return { authors: trailers?.authors ?? [], isSluices: true, origin: trailers?.origin ?? null };
  }
  const author = pull ? pull.author : (await reader.readCommit(sha)).authorLogin;
  return { authors: author === null ? [] : [author], isSluices: false, origin: null };
}
