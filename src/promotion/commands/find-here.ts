import { applicationsOfPull } from '../observe/applications-of-pull.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';
import { branchOf } from './choose-targets.ts';

/**
 * The candidates that a comment means by where it stands: on a promotion's pull request, open or ended, those that it
 * carries or carried; on another pull request, those of the applications whose files it changes; elsewhere none.
 */
export async function findHere(
  host: RepositoryReader,
  snapshot: Snapshot,
  issue: number,
): Promise<{ candidates: Candidate[]; isPromotion: boolean }> {
  const branch = await branchOf(host, snapshot, issue);
  const carried = snapshot.candidates.filter((each) => each.branch === branch);
  if (branch !== null) return { candidates: carried, isPromotion: true };
  const applications = await applicationsOfPull(host, snapshot.targets, issue);
  const candidates = snapshot.candidates.filter(({ application }) => applications.has(application));
  return { candidates, isPromotion: false };
}
