import type { Promotion } from '../../domain/promotion.ts';
import { code } from '../markdown.ts';
import type { Pull } from '../ports/pulls.ts';
import type { OpenPromotion } from '../snapshot.ts';
import { bodyMark } from './describe-promotion.ts';
import { hasApproval } from './is-up-to-date.ts';

/** Something to say once on a pull request: `mark` is invisible, and tells whether it was said. */
export interface Note {
  mark: string;
  text: string;
}

/** What is said on a pull request whose release or base moves on. */
export function describeUpdate(open: OpenPromotion, promotion: Promotion): Note | null {
  const { from, release, rollsBack } = promotion;
  const { pull, trailers, isBehind, mergeable } = open;
  const source = from.length > 0 ? from.join(' and ') : 'the build';
  const isSame =
    trailers!.fingerprint === release.fingerprint &&
    trailers!.rollsBack?.fingerprint === rollsBack?.fingerprint;
  // Whoever moved the branch to this release died before it was told.
  if (isSame && !pull.body.includes(bodyMark(release.fingerprint)))
    return { mark: updateMark(pull.headSha, release.fingerprint), text: textOfMoved(pull, release.label) };
  const isRoutine = isSame && mergeable !== false;
  if (isRoutine && !hasApproval(open)) return null;
  const why =
    isBehind && mergeable !== false
      ? 'which must be in it before it merges'
      : 'which had come to conflict with it';
  const text = isSame
    ? `Made anew on the default branch, ${why}. It still carries ${code(release.label)}`
    : rollsBack
      ? `**This is a rollback now**: ${code(release.label)} comes back in place of ${code(rollsBack.release)}, and what this carried, ${code(trailers!.release)}, waits (${rollsBack.url})`
      : `${code(release.label)} from ${source} replaces ${code(trailers!.release)}`;
  return {
    mark: updateMark(pull.headSha, release.fingerprint),
    text: `${text}; approvals of the old head do not count any more.`,
  };
}

/** The same, when the branch has moved already and the pull request still speaks of what it carried before. */
export function describeMoved({ pull, head }: OpenPromotion, { release }: Promotion): Note | null {
  if (head.parents.length < 2) return null;
  return {
    mark: updateMark(head.parents[0]!, release.fingerprint),
    text: textOfMoved(pull, release.label),
  };
}

function textOfMoved({ title }: Pull, label: string): string {
  return `This now carries ${code(label)}; before, it was: ${code(title)}. Approvals of the old head do not count any more.`;
}

/** The same head before and the same release after are one update, which is told once. */
export function updateMark(oldHead: string, fingerprint: string): string {
  return `<!-- sluice:update ${oldHead} ${fingerprint} -->`;
}
