import { createHash } from 'node:crypto';
import { targetKey } from '../../domain/target.ts';
import type { Holding } from '../list-holdings.ts';
import type { Observation } from '../observe/observe.ts';
import type { Plan, PlannedPromotion } from '../plan/plan-types.ts';
import type { DashboardView, ShownPromotion } from '../ports/dashboard.ts';
import type { Snapshot } from '../snapshot.ts';
import { promoteBoxes } from './boxes.ts';

/** What a look shows on the dashboard. All of it was read anyway. */
export function seeDashboard(
  observation: Observation,
  planned: Plan,
  holdings: readonly Holding[],
): DashboardView {
  switch (observation.kind) {
    case 'no-config':
      return { state: 'off' };
    case 'broken-config':
      return { state: 'broken-config', problems: observation.problems };
    case 'snapshot':
      return observation.snapshot.settings.dashboard === false
        ? { state: 'off' }
        : seePipeline(observation.snapshot, planned, holdings);
  }
}

function seePipeline(
  { settings, candidates }: Snapshot,
  planned: Plan,
  holdings: readonly Holding[],
): DashboardView {
  const merged = new Set(
    candidates
      .filter(({ environment }) => environment.autoMerge)
      .map(({ application, environment }) => targetKey({ application, environment: environment.name })),
  );
  return {
    state: 'pipeline',
    environments: settings.environments.map(({ name, from }) => ({
      name,
      from,
      takesBuilds: from.length === 0 && settings.sources.length > 0,
    })),
    holdings,
    promotions: planned.promotions.filter(isAlwaysSeen).map((each) => show(each, merged)),
    notPromoted: planned.notPromoted.filter(({ from }) => from.length > 0),
    boxes: promoteBoxes(candidates, planned),
  };
}

/** What builds bring, only a look knows that asks for them: it would come and go. Their pull requests stay. */
function isAlwaysSeen({ from, pull }: PlannedPromotion): boolean {
  return from.length > 0 || pull !== null;
}

function show(
  { application, from, to, release, pull, gates }: PlannedPromotion,
  merged: ReadonlySet<string>,
): ShownPromotion {
  return {
    application,
    from,
    to,
    release,
    pull: pull?.number ?? null,
    isMergedBySluice: merged.has(targetKey({ application, environment: to })),
    gates: gates
      .filter(({ state }) => state === 'waiting' || state === 'failed')
      .map(({ gate, state, reason }) => ({ gate, state, reason })),
  };
}

/** Equal when two looks show the same. */
export function digestView(view: DashboardView): string {
  return createHash('sha256').update(JSON.stringify(view)).digest('hex');
}
