import type { PromotionRecord } from './record.ts';

type Gate = NonNullable<PromotionRecord['gates']>[number];

/** What figures are made of. What gates were judged by, which is large, is not in it. */
export type Delivery = Pick<
  PromotionRecord,
  | 'repository'
  | 'pull'
  | 'application'
  | 'environment'
  | 'kind'
  | 'fingerprint'
  | 'origin'
  | 'releases'
  | 'openedAt'
  | 'outcome'
  | 'mergedAt'
  | 'mergeCommitSha'
> & { gates: Pick<Gate, 'gate' | 'state' | 'since'>[] | null };

export function toDelivery(record: PromotionRecord): Delivery {
  const { repository, pull, application, environment, kind, fingerprint, origin, releases } = record;
  const { openedAt, outcome, mergedAt, mergeCommitSha } = record;
  return {
    repository,
    pull,
    application,
    environment,
    kind,
    fingerprint,
    origin,
    releases,
    openedAt,
    outcome,
    mergedAt,
    mergeCommitSha,
    gates: record.gates?.map(({ gate, state, since }) => ({ gate, state, since })) ?? null,
  };
}

/** When Sluice first committed the release that the pull request carried last; when it opened, if nobody knows. */
export function carriedSinceMs({ releases, fingerprint, openedAt }: Delivery): number {
  const carried = releases.findLast((each) => each.fingerprint === fingerprint);
  return Date.parse(carried?.at ?? openedAt);
}

/** A release that reached an environment. */
export interface Deployment {
  delivery: Delivery;
  atMs: number;
  /** It brought back a release that was there before the one that it replaced. */
  isRollback: boolean;
  /** When a rollback replaced it; null while none has. */
  takenBackAtMs: number | null;
}

/**
 * What one target was given, in the order of the merges. A rollback is what says so of itself, and what brings back a
 * release that had come there before the one that it replaces.
 */
export function listDeployments(ofTarget: readonly Delivery[]): Deployment[] {
  const deployments: Deployment[] = [];
  const merged = ofTarget
    .filter(({ mergedAt }) => mergedAt !== null)
    .map((delivery) => ({ delivery, atMs: Date.parse(delivery.mergedAt!) }))
    .sort((a, b) => a.atMs - b.atMs || a.delivery.pull - b.delivery.pull);
  const firstOf = (wanted: string) =>
    deployments.findIndex(({ delivery }) => delivery.fingerprint === wanted);
  for (const { delivery, atMs } of merged) {
    const held = deployments.at(-1)?.delivery.fingerprint;
    const first = firstOf(delivery.fingerprint);
    const isOlder = held !== undefined && first !== -1 && first < firstOf(held);
    const isRollback = delivery.kind === 'rollback' || isOlder;
    const bad = deployments.findLast((each) => !each.isRollback && each.delivery.fingerprint === held);
    if (isRollback && bad) bad.takenBackAtMs ??= atMs;
    deployments.push({ delivery, atMs, isRollback, takenBackAtMs: null });
  }
  return deployments;
}
