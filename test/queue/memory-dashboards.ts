import type {
  DashboardHistory,
  DashboardStore,
  WrittenDashboard,
} from '../../src/promotion/ports/dashboard.ts';

/** For tests of everything but the database. */
export function makeMemoryDashboards(): {
  store: DashboardStore;
  history: DashboardHistory;
  /** As a database does that is lost. */
  forget(): void;
} {
  const written = new Map<string, WrittenDashboard>();
  return {
    store: {
      read: async (repository) => written.get(repository.toLowerCase()) ?? null,
      async save(repository, what) {
        written.set(repository.toLowerCase(), what);
      },
    },
    forget: () => written.clear(),
    history: { readPast: async () => ({ ended: [], arrived: new Map() }) },
  };
}
