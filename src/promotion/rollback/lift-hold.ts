import { isSameTarget } from '../../domain/hold.ts';
import { messageOf } from '../commands/hold-target.ts';
import type { Decision } from '../plan/plan-types.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { changeStops } from '../state/stop-store.ts';

/** Ends the hold that came with a rollback, since a newer release has come; the bad one stays marked. */
export async function liftHold(
  host: RepositoryReader & RepositoryWriter,
  { mark, release }: Extract<Decision, { kind: 'lift-hold' }>,
  nowMs: number,
): Promise<string | null> {
  const { application, environment, url } = mark;
  const written = await changeStops(host, nowMs, ({ bad, holds }) => {
    const left = holds.filter((hold) => !(hold.url === url && isSameTarget(hold, mark)));
    if (left.length === holds.length) return null;
    const what = `Resume ${application} in ${environment}`;
    const why = `${release} has come after ${mark.release}, which was rolled back`;
    return { bad, holds: left, message: messageOf(what, 'Sluice', url, why) };
  });
  return written.known ? null : written.reason;
}
