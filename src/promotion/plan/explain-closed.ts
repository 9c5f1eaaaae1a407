import type { Promotion } from '../../domain/promotion.ts';
import type { Pull } from '../ports/pulls.ts';

/** Why a release is not promoted again that a person decided against, and what brings it back. */
export function explainClosed(
  { application, to, release }: Pick<Promotion, 'application' | 'to' | 'release'>,
  { number, isMerged }: Pick<Pull, 'number' | 'isMerged'>,
): string {
  const what = isMerged
    ? `was merged in #${number} and has been taken back since`
    : `was closed in #${number}`;
  return `${release.label} ${what}; a newer release or \`/promote ${application} to ${to}\` opens it again`;
}
