import type { Client } from '../github/client.ts';
import { confirmWrites } from '../github/confirm-writes.ts';
import { countCalls } from '../github/count-calls.ts';
import { countCreations } from '../github/count-creations.ts';
import { makeLimitWatch } from '../github/heed-limits.ts';
import type { Metrics } from '../metrics/make-metrics.ts';
import type { CreationBudget } from '../queue/creation-budget.ts';
import { currentWork } from '../queue/current-job.ts';

/** Names of owners that one process shows: a public App may have any number of them. */
const MOST_OWNERS = 100;

/** Has every client of GitHub keep to the limits and counted. What is refused here never reaches GitHub. */
export function prepareClients(budget: CreationBudget, metrics: Metrics) {
  const isUrgent = () => currentWork()?.isUrgent ?? false;
  const owners = new Set<string>();
  const heedLimits = makeLimitWatch({
    isUrgent,
    now: Date.now,
    onRemaining(owner, remaining) {
      if (owners.size < MOST_OWNERS) owners.add(owner);
      if (owners.has(owner)) metrics.githubRemaining.set({ owner }, remaining);
    },
  });
  const spend = async (owner: string) => {
    const urgency = isUrgent() ? 'urgent' : 'routine';
    try {
      await budget.spend(owner, Date.now(), isUrgent());
      metrics.creations.inc({ urgency, result: 'sent' });
    } catch (error) {
      metrics.creations.inc({ urgency, result: 'held' });
      throw error;
    }
  };

  return (client: Client, installationId: number | null): void => {
    // What comes later is asked first: only what the limits let through is counted as a call.
    countCalls(client, ({ method, route, status }) =>
      metrics.githubRequests.inc({ method, route, status: String(status) }),
    );
    if (installationId === null) return;
    countCreations(client, spend);
    heedLimits(client, installationId);
    confirmWrites(client, async () => currentWork()?.confirm?.());
  };
}
