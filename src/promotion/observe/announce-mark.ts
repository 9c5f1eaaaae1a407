import type { BadRelease } from '../../domain/bad-release.ts';
import { targetKey } from '../../domain/target.ts';

/** Of what a process has said on the promotion that is rolled back, for its memory. */
export function announceMark(mark: BadRelease): string {
  return `announced:${targetKey(mark)}`;
}
