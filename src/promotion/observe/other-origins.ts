import type { Pull } from '../ports/pulls.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import { readPlanned } from './observe-pulls.ts';

/** Commits besides the merge base that a head is merged by, now or once a promotion has merged. */
export interface OtherOrigins {
  /** On the default branch: where lines that merged each other crosswise parted a second time. */
  crossed: string[];
  /** Heads of open promotions that the pull request holds: each is where it parted, once that promotion has merged. */
  promoted: string[];
}

/**
 * GitHub names one merge base, and git may merge by several; and one that is merged later takes the place of that.
 * Whoever takes a promotion into a branch and its values out again would seem to change nothing. Null when there are
 * too many commits to tell.
 */
export async function findOtherOrigins(
  reader: Pick<RepositoryReader, 'listAhead' | 'isAncestor' | 'readCommit'>,
  { baseSha, originSha, headSha }: { baseSha: string; originSha: string; headSha: string },
  promotions: readonly Pick<Pull, 'branch'>[],
): Promise<OtherOrigins | null> {
  const ahead = await reader.listAhead(baseSha, headSha);
  if (ahead === null) return null;
  const own = new Set(ahead.map(({ sha }) => sha));
  const outer = new Set(ahead.flatMap(({ parents }) => parents).filter((sha) => !own.has(sha)));
  outer.delete(originSha);
  const crossed: string[] = [];
  for (const sha of outer) if (!(await reader.isAncestor(sha, originSha))) crossed.push(sha);
  const promoted: string[] = [];
  // Only an App's bot is worth asking for.
  for (const { sha } of ahead.filter(({ authorLogin }) => authorLogin?.endsWith('[bot]'))) {
    const commit = await reader.readCommit(sha);
    const isOpen = promotions.some(({ branch }) => {
      const { trailers, group } = readPlanned(commit, branch);
      return trailers !== null || group !== null;
    });
    if (isOpen) promoted.push(sha);
  }
  return { crossed, promoted };
}
