import type { Metrics } from '../metrics/make-metrics.ts';
import type { Outcome } from '../promotion/reconcile.ts';
import type { GateCount, GateStore } from '../queue/gate-store.ts';
import type { QueueObserver } from '../queue/observer.ts';
import { INTAKE_EVENTS } from '../webhooks/take-event.ts';

/** What the queue and the loop tell, as metrics. */
export function observeQueue(metrics: Metrics): QueueObserver {
  return {
    jobEnded(kind, result, durationMs) {
      metrics.jobs.inc({ kind, result });
      metrics.jobSeconds.observe({ kind }, durationMs / 1_000);
    },
    paused: (limit) => metrics.pauses.inc({ limit }),
  };
}

/** Counts a delivery. Whoever is refused may have named anything. */
export function observeDelivery(metrics: Metrics, event: string | null, result: string): void {
  const known = event !== null && INTAKE_EVENTS.has(event) ? event : 'other';
  metrics.deliveries.inc({ event: known, result });
}

/** Keeps what a look came to; that it cannot be kept stops nothing. */
export function observeOutcome(
  metrics: Metrics,
  gates: GateStore,
  onError: (error: unknown) => void,
): (repository: string, outcome: Outcome) => void {
  return (repository, outcome) => {
    for (const { action, result } of outcome.results) metrics.actions.inc({ action, result });
    gates.save(repository, countGates(outcome), Date.now()).catch(onError);
  };
}

const KINDS: ReadonlySet<string> = new Set([
  ...[
    'after',
    'approvals',
    'checks',
    'config',
    'default',
    'facts',
    'GitHub',
    'guard',
    'head',
    'health',
    'hold',
  ],
  ...['http', 'manual', 'policy', 'pull-request', 'release', 'soak', 'target', 'window'],
]);

/** Gates of open pull requests that have not passed, by kind: a name may go on with what somebody chose. */
function countGates({ plan }: Outcome): GateCount[] {
  const counts = new Map<string, GateCount>();
  const open = plan.promotions.filter(({ pull }) => pull !== null).flatMap(({ gates }) => gates);
  for (const { gate, state } of open) {
    if (state !== 'waiting' && state !== 'failed') continue;
    const [word = ''] = gate.split(' ');
    const kind = KINDS.has(word) ? word : 'other';
    const known = counts.get(`${kind} ${state}`) ?? { gate: kind, state, count: 0 };
    counts.set(`${kind} ${state}`, { ...known, count: known.count + 1 });
  }
  return [...counts.values()];
}
