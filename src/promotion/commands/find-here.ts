import type { RepositoryReader } from '../ports/repository.ts';
import type { Candidate, Snapshot, Target } from '../snapshot.ts';
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
  const applications = await applicationsOf(host, snapshot, issue);
  const candidates = snapshot.candidates.filter(({ application }) => applications.has(application));
  return { candidates, isPromotion: false };
}

/** Applications whose files a pull request of somebody else changes; none of an issue. */
async function applicationsOf(
  host: RepositoryReader,
  { targets }: Pick<Snapshot, 'targets'>,
  issue: number,
): Promise<ReadonlySet<string>> {
  const pull = await host.readPull(issue);
  if (!pull || pull.isSluices) return new Set();
  const paths = await host.listPullFiles(issue);
  return new Set(paths.flatMap((path) => innermostAt(targets, path)?.location.application ?? []));
}

function innermostAt(targets: readonly Target[], path: string): Target | null {
  const around = targets.filter(({ location: { root } }) => path === root || path.startsWith(`${root}/`));
  return around.sort((a, b) => b.location.root.length - a.location.root.length)[0] ?? null;
}
