import type { RepositoryReader } from '../ports/repository.ts';
import type { Target } from '../snapshot.ts';

/** Applications whose files a pull request of somebody else changes; none of an issue, or of a promotion. */
export async function applicationsOfPull(
  host: Pick<RepositoryReader, 'readPull' | 'listPullFiles'>,
  targets: Iterable<Target>,
  number: number,
): Promise<ReadonlySet<string>> {
  const pull = await host.readPull(number);
  if (!pull || pull.isSluices) return new Set();
  const paths = await host.listPullFiles(number);
  const all = [...targets];
  return new Set(paths.flatMap((path) => innermostAt(all, path)?.location.application ?? []));
}

function innermostAt(targets: readonly Target[], path: string): Target | null {
  const around = targets.filter(({ location: { root } }) => path === root || path.startsWith(`${root}/`));
  return around.sort((a, b) => b.location.root.length - a.location.root.length)[0] ?? null;
}
