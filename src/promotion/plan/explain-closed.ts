import type { Promotion } from '../../domain/promotion.ts';
import type { ClosedPull } from '../snapshot.ts';

/** Why a release is not promoted again that a person decided against, and what brings it back. */
export function explainClosed(
  { application, to, release }: Pick<Promotion, 'application' | 'to' | 'release'>,
  { number, isMerged, newer }: Pick<ClosedPull, 'number' | 'isMerged' | 'newer'>,
): string {
  const what = isMerged
    ? `was merged in #${number} and has been taken back since`
    : `was closed in #${number}`;
  const which = newer === undefined ? release.label : `${release.label} is older than ${newer}, which`;
  return `${which} ${what}; a newer release or \`/promote ${application} to ${to}\` opens it again`;
}
