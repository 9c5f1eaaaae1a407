import type { Settings } from '../domain/settings.ts';
import type { DispatchedBuild } from './ports.ts';

/** Which GitOps repositories take builds from which repository. Made anew from the configs, so safe to lose. */
export interface SourceIndex {
  /** Says which repositories there are; until each was looked at once, it may take any build. */
  expect(repositories: readonly string[]): void;
  /**
   * Keeps what a GitOps repository's config says now; null when it has none any more. Gives the builds that were told
   * before the repository was looked at for the first time.
   */
  update(repository: string, settings: Settings | null): DispatchedBuild[];
  /** GitOps repositories that take builds of `source`. */
  find(source: string): string[];
  /** Keeps builds for one repository until its config is valid again. */
  keep(repository: string, builds: readonly DispatchedBuild[]): void;
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

  return {
    expect(repositories) {
      unseen = new Set(repositories.filter((repository) => !seen.has(repository)));
      if (unseen.size === 0) held = [];
    },
    update(repository, settings) {
      const sources = new Set(settings?.sources.map(({ repository: source }) => source.toLowerCase()));
      if (settings) sourcesOf.set(repository, sources);
      else sourcesOf.delete(repository);
      const back = kept.get(repository) ?? [];
      kept.delete(repository);
      if (seen.has(repository)) return back;
      seen.add(repository);
      const told = held.filter((build) => sources.has(build.repository.toLowerCase()));
      unseen?.delete(repository);
      if (unseen?.size === 0) held = [];
      return [...back, ...told];
    },
    find(source) {
      const key = source.toLowerCase();
      return [...sourcesOf].filter(([, sources]) => sources.has(key)).map(([repository]) => repository);
    },
    keep(repository, builds) {
      if (builds.length === 0) return;
      kept.set(repository, [...(kept.get(repository) ?? []), ...builds].slice(-MOST_HELD));
    },
    hold(builds) {
      if (unseen?.size === 0) return false;
      held = [...held, ...builds].slice(-MOST_HELD);
      return true;
    },
  };
}
