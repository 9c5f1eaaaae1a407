import { type Delivery, type Deployment, listDeployments } from './delivery.ts';
import type { Figures } from './figures-schema.ts';
import { countGateWaits } from './gate-waits.ts';
import { makeReleaseTimes } from './lead-times.ts';
import { spreadOf } from './spread.ts';

/** The time that figures are of; milliseconds since the epoch. */
export interface Period {
  sinceMs: number;
  untilMs: number;
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The figures of each target, by all that is known of its repository; what was before the period is needed too.
 */
export function figuresOf(deliveries: readonly Delivery[], period: Period): Figures[] {
  const releasedAtMs = makeReleaseTimes(deliveries);
  return groupByTarget(deliveries).map((ofTarget) => figuresOfTarget(ofTarget, period, releasedAtMs));
}

function groupByTarget(deliveries: readonly Delivery[]): Delivery[][] {
  const targets = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const { repository, application, environment } = delivery;
    const key = JSON.stringify([repository, application, environment]);
    const ofTarget = targets.get(key);
    if (ofTarget) ofTarget.push(delivery);
    else targets.set(key, [delivery]);
  }
  return [...targets].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, ofTarget]) => ofTarget);
}

function figuresOfTarget(
  ofTarget: readonly Delivery[],
  { sinceMs, untilMs }: Period,
  releasedAtMs: (delivery: Delivery) => number,
): Figures {
  const isWithin = (atMs: number) => atMs >= sinceMs && atMs < untilMs;
  const all = listDeployments(ofTarget).filter(({ atMs }) => isWithin(atMs));
  const deployments = all.filter(({ isRollback }) => !isRollback);
  const failed = deployments.filter(({ takenBackAtMs }) => takenBackAtMs !== null);
  const waiting = ofTarget.filter(({ outcome }) => outcome === 'open');
  const { repository, application, environment } = ofTarget[0]!;
  const toLeadTime = ({ delivery, atMs }: Deployment) => Math.max(0, atMs - releasedAtMs(delivery));
  return {
    repository,
    application,
    environment,
    since: new Date(sinceMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    deploymentCount: deployments.length,
    deploymentsPerWeek: Math.round((deployments.length * WEEK_MS * 100) / (untilMs - sinceMs)) / 100,
    rollbackCount: all.length - deployments.length,
    leadTime: spreadOf(deployments.map(toLeadTime)),
    failedCount: failed.length,
    changeFailureRate:
      deployments.length > 0 ? Math.round((failed.length * 1_000) / deployments.length) / 1_000 : null,
    timeToRestore: spreadOf(failed.map(({ atMs, takenBackAtMs }) => takenBackAtMs! - atMs)),
    gates: countGateWaits([...all.map(({ delivery }) => delivery), ...waiting], untilMs),
  };
}
