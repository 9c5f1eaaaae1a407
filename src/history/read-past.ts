import { targetKey } from '../domain/target.ts';
import type { DashboardHistory, EndedPromotion } from '../promotion/ports/dashboard.ts';
import type { PromotionRecord } from './record.ts';
import type { HistoryStore } from './store.ts';

const MOST_ENDED = 10;

/** What the dashboard shows of the past, out of the records. */
export function makeDashboardHistory(store: HistoryStore): DashboardHistory {
  return {
    async readPast(repository) {
      const arrivals = await store.listArrivals(repository);
      const ended = await store.listEnded(repository, MOST_ENDED);
      return {
        ended: ended.flatMap((record) => toEnded(record) ?? []),
        arrived: new Map(
          arrivals.map(({ application, environment, release, mergedAt }) => [
            targetKey({ application, environment }),
            { release, at: mergedAt },
          ]),
        ),
      };
    },
  };
}

function toEnded(record: PromotionRecord): EndedPromotion | null {
  const { application, environment: to, release, pull, mergedAt, mergedBy, closedAt, closedBy } = record;
  const what = { application, to, release, pull };
  if (mergedAt !== null) return { ...what, outcome: 'merged', at: mergedAt, by: mergedBy };
  return closedAt === null ? null : { ...what, outcome: 'closed', at: closedAt, by: closedBy };
}
