import type { Settings } from '../domain/settings.ts';

/** Which GitOps repositories take builds from which repository. Made anew from the configs, so safe to lose. */
export interface SourceIndex {
  /** Keeps what a GitOps repository's config says now; null when it has no valid one any more. */
  update(repository: string, settings: Settings | null): void;
  /** GitOps repositories that take builds of `source`. */
  find(source: string): string[];
}

export function makeSourceIndex(): SourceIndex {
  const sourcesOf = new Map<string, Set<string>>();
  return {
    update(repository, settings) {
      if (!settings) sourcesOf.delete(repository);
      else
        sourcesOf.set(
          repository,
          new Set(settings.sources.map(({ repository: source }) => source.toLowerCase())),
        );
    },
    find(source) {
      const key = source.toLowerCase();
      return [...sourcesOf].filter(([, sources]) => sources.has(key)).map(([repository]) => repository);
    },
  };
}
