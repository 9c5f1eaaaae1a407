import type { DispatchedBuild } from './ports/jobs.ts';
import type { Outcome } from './reconcile.ts';

/**
 * The builds that need not be told of again: what they bring stands on a pull request, or was there before. While an
 * action failed or was refused, or a first environment could not be given something, they are due at the next look.
 */
export function listTaken(
  told: readonly DispatchedBuild[],
  { settings, plan, refusals, failures }: Outcome,
): DispatchedBuild[] {
  const isRefused = refusals.some(
    ({ action }) => action === 'open-promotion' || action === 'update-promotion',
  );
  if (!settings || isRefused || failures.length > 0) return [];
  const waiting = new Set(
    plan.notPromoted.filter(({ from }) => from.length === 0).map(({ application }) => application),
  );
  const isDue = ({ repository, type }: DispatchedBuild) =>
    settings.sources.some(
      (source) =>
        waiting.has(source.application) &&
        source.event.kind === 'dispatch' &&
        source.event.type === type &&
        source.repository.toLowerCase() === repository.toLowerCase(),
    );
  return told.filter((build) => !isDue(build));
}
