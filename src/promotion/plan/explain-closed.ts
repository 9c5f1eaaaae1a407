import type { Promotion } from '../../domain/promotion.ts';
import type { ClosedPull } from '../snapshot.ts';

/** Why a release is not promoted again that a person decided against, and what brings it back. */
export function explainClosed(
  { application, to, release, rollsBack }: Pick<Promotion, 'application' | 'to' | 'release' | 'rollsBack'>,
  { number, isMerged, newer }: Pick<ClosedPull, 'number' | 'isMerged' | 'newer'>,
): string {
  const what = isMerged
    ? `was merged in #${number} and has been taken back since`
    : `was closed in #${number}`;
  if (rollsBack)
    return `the rollback to ${release.label} ${what}; \`/rollback ${application} in ${to}\` opens it again, and \`/resume ${application} ${to}\` gives it up`;
  const which = newer === undefined ? release.label : `${release.label} is older than ${newer}, which`;
  return `${which} ${what}; a newer release or \`/promote ${application} to ${to}\` opens it again`;
}
