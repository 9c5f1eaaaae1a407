import { findBad } from '../../domain/bad-release.ts';
import { describeDuration } from '../../domain/duration.ts';
import type { Known } from '../../domain/gates/gate.ts';
import type { Settings } from '../../domain/settings.ts';
import type { TargetId } from '../../domain/target.ts';
import { orUnknown } from '../or-unknown.ts';
import type { Base, FailedRelease } from '../snapshot.ts';
import type { Stops } from '../state/stop-store.ts';
import { readHealth } from './observe-health.ts';
import { LATE_MS, type Landed, type LandedPromotions } from './observe-landed.ts';
import type { ReportReader } from './report-reader.ts';

interface Context {
  base: Base;
  reports: ReportReader;
  nowMs: number;
}

/** A promotion that failed, with the release that it brought. */
export interface Failure extends FailedRelease {
  fingerprint: string;
}

export interface Failures {
  failed: readonly Failure[];
  /** GitHub told all that was asked. */
  isWhole: boolean;
}

/** Whether the config has Sluice roll back by itself anywhere. */
export function isWatching({ environments, overrides }: Settings): boolean {
  return [...environments, ...overrides.map(({ terms }) => terms)].some(
    ({ rollback }) => rollback?.automatic,
  );
}

/**
 * Of the promotions that merged lately, those whose environment reports failure since, in the time that the config gives.
 * The reports count as for the gate `health`. A rollback that fails is left to people.
 */
export async function observeFailures(
  context: Context,
  { landed, isWhole }: LandedPromotions,
): Promise<Failures> {
  const found = await orUnknown('the health of what has merged', async () => {
    const failed: Failure[] = [];
    for (const each of landed) failed.push(...(await judge(context, each)));
    return failed;
  });
  return found.known ? { failed: found.value, isWhole } : { failed: [], isWhole: false };
}

async function judge(
  { base, reports, nowMs }: Context,
  { target, environment, carrier, sha, landing }: Landed,
): Promise<Failure[]> {
  const automatic = environment.rollback?.automatic;
  if (!automatic || carrier.trailers.rollsBack) return [];
  const untilMs = landing.atMs + automatic.withinMs;
  if (nowMs > untilMs + LATE_MS) return [];
  const { application } = target.location;
  const arrival = { environment: environment.name, sha, landing };
  const health = await readHealth({ reports, base, due: { application } }, automatic.source, arrival);
  const { state, sinceMs } = health;
  if (state !== 'unhealthy' || sinceMs === null || sinceMs > untilMs) return [];
  const after = describeDuration(Math.max(0, sinceMs - landing.atMs));
  const reason = `${health.name} reported failure on ${health.sha?.slice(0, 7)}, ${after} after the merge`;
  const { number, url } = carrier.pull;
  const { fingerprint } = carrier.trailers;
  return [{ application, environment: environment.name, pull: { number, url }, reason, fingerprint }];
}

/** Without what was rolled back once: a signal that comes and goes makes no loop. */
export function withoutMarked({ failed, isWhole }: Failures, stops: Known<Stops>): Failures {
  if (!stops.known) return { failed: [], isWhole: isWhole && failed.length === 0 };
  const isMarked = (each: TargetId & Pick<Failure, 'fingerprint'>) =>
    findBad(stops.value.bad, each, each.fingerprint) !== null;
  return { failed: failed.filter((each) => !isMarked(each)), isWhole };
}
