import type { DispatchedBuild, SourceStore } from '../../src/promotion/ports/jobs.ts';

/** For tests of everything but the database; the contract in source-store.test.ts holds both equal. */
export function makeMemorySources(): SourceStore {
  const sourcesOf = new Map<string, string[]>();
  const told = new Map<string, DispatchedBuild>();
  const newest = new Map<string, number>();
  const keyOf = ({ repository, type }: DispatchedBuild) => `${repository.toLowerCase()} ${type}`;
  let isForgetful = true;
  return {
    async save(repository, sources) {
      sourcesOf.set(
        repository,
        sources.map((source) => source.toLowerCase()),
      );
    },
    async find(source) {
      const takes = (sources: string[]) => sources.includes(source.toLowerCase());
      return [...sourcesOf].flatMap(([repository, sources]) => (takes(sources) ? [repository] : [])).sort();
    },
    async tell(builds) {
      for (const build of builds) told.set(`${keyOf(build)} ${build.order}`, build);
    },
    async readTold(repository, sources) {
      const wanted = new Set(sources.map((source) => source.toLowerCase()));
      return [...told.values()]
        .filter((build) => wanted.has(build.repository.toLowerCase()))
        .filter((build) => build.order > (newest.get(`${repository} ${keyOf(build)}`) ?? 0))
        .sort((a, b) => a.order - b.order);
    },
    async taken(repository, builds) {
      for (const build of builds) {
        const key = `${repository} ${keyOf(build)}`;
        newest.set(key, Math.max(newest.get(key) ?? 0, build.order));
      }
    },
    isForgetful: async () => isForgetful,
    async remember() {
      isForgetful = false;
    },
  };
}
