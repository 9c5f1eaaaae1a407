import type { Promotion } from '../domain/promotion.ts';
import { code } from './markdown.ts';
import type { OpenPromotion } from './snapshot.ts';

/** Something to say once on a pull request: `mark` is invisible, and tells whether it was said. */
export interface Note {
  mark: string;
  text: string;
}

/** What is said on a pull request whose release or base moves on. */
export function describeUpdate({ pull, trailers }: OpenPromotion, { from, release }: Promotion): Note {
  const source = from.length > 0 ? from.join(' and ') : 'the build';
  const text =
    trailers!.fingerprint === release.fingerprint
      ? `Made anew on the default branch, which had come to conflict with it. It still carries ${code(release.label)}`
      : `${code(release.label)} from ${source} replaces ${code(trailers!.release)}`;
  return {
    mark: markOf(pull.headSha, release.fingerprint),
    text: `${text}; approvals of the old head do not count any more.`,
  };
}

/** The same, when the branch has moved already and the pull request still speaks of what it carried before. */
export function describeMoved({ pull, head }: OpenPromotion, { release }: Promotion): Note | null {
  if (head.parents.length < 2) return null;
  const text = `This now carries ${code(release.label)}; before, it was: ${code(pull.title)}. Approvals of the old head do not count any more.`;
  return { mark: markOf(head.parents[0]!, release.fingerprint), text };
}

function markOf(oldHead: string, fingerprint: string): string {
  return `<!-- sluice:update ${oldHead} ${fingerprint} -->`;
}
