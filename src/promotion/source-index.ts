import type { Settings } from '../domain/settings.ts';
import type { DispatchedBuild } from './ports/jobs.ts';

/** Which GitOps repositories take builds from which repository. Made anew from the configs, so safe to lose. */
export interface SourceIndex {
  /** Says which repositories there are; until each was looked at once, it may take any build. */
  expect(repositories: readonly string[]): void;
  /**
   * Keeps what a GitOps repository's config says now; null when it has none any more. Gives the builds that were told
   * before the repository was looked at for the first time.
   */
  update(repository: string, settings: Settings | null): DispatchedBuild[];
  /** Whether a look found that the repository has no config; only then. */
  hasNoConfig(repository: string): boolean;
  /** GitOps repositories that take builds of `source`. */
  find(source: string): string[];
  /** Keeps builds for one repository until its config is valid again. */
  keep(repository: string, builds: readonly DispatchedBuild[]): void;
  /** The builds that were kept for a repository and those given, in order, without those that newer ones came after. */
  take(repository: string, builds: readonly DispatchedBuild[]): DispatchedBuild[];
  /** Says that a repository has taken these builds. */
  taken(repository: string, builds: readonly DispatchedBuild[]): void;
  /** Keeps builds for the repositories that were not looked at yet. False when there are none. */
  hold(builds: readonly DispatchedBuild[]): boolean;
}

/** More than are told in the minute or so that the first look at all repositories takes. */
const MOST_HELD = 1_000;

export function makeSourceIndex(): SourceIndex {
  const sourcesOf = new Map<string, Set<string>>();
  /** Null until it is known which repositories there are. */
  let unseen: Set<string> | null = null;
  const seen = new Set<string>();
  let held: DispatchedBuild[] = [];
  const kept = new Map<string, DispatchedBuild[]>();
  const newest = new Map<string, number>();

  return {
    expect(repositories) {
      unseen = new Set(repositories.filter((repository) => !seen.has(repository)));
      if (unseen.size === 0) held = [];
    },
    update(repository, settings) {
      const sources = new Set(settings?.sources.map(({ repository: source }) => source.toLowerCase()));
      if (settings) sourcesOf.set(repository, sources);
      else sourcesOf.delete(repository);
      if (seen.has(repository)) return [];
      seen.add(repository);
      const told = held.filter((build) => sources.has(build.repository.toLowerCase()));
      unseen?.delete(repository);
      if (unseen?.size === 0) held = [];
      return told;
    },
    hasNoConfig: (repository) => seen.has(repository) && !sourcesOf.has(repository),
    find(source) {
      const key = source.toLowerCase();
      return [...sourcesOf].filter(([, sources]) => sources.has(key)).map(([repository]) => repository);
    },
    keep(repository, builds) {
      if (builds.length > 0) kept.set(repository, inOrder([...(kept.get(repository) ?? []), ...builds]));
    },
    take(repository, builds) {
      const all = inOrder([...(kept.get(repository) ?? []), ...builds]);
      kept.delete(repository);
      return all.filter((build) => build.order >= (newest.get(keyOf(repository, build)) ?? 0));
    },
    taken(repository, builds) {
      for (const build of builds) {
        const key = keyOf(repository, build);
        newest.set(key, Math.max(newest.get(key) ?? 0, build.order));
      }
    },
    hold(builds) {
      if (unseen?.size === 0) return false;
      held = [...held, ...builds].slice(-MOST_HELD);
      return true;
    },
  };
}

function keyOf(repository: string, build: DispatchedBuild): string {
  return `${repository} ${build.repository.toLowerCase()} ${build.type}`;
}

/** Each once, oldest first. */
function inOrder(builds: readonly DispatchedBuild[]): DispatchedBuild[] {
  const byOrder = new Map(builds.map((build) => [build.order, build]));
  return [...byOrder.values()].sort((a, b) => a.order - b.order).slice(-MOST_HELD);
}
