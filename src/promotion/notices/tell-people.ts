import type { PlannedPromotion } from '../plan/plan-types.ts';
import type { Log } from '../ports/log.ts';
import type { Notifier } from '../ports/notify.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Snapshot } from '../snapshot.ts';
import { listNotices } from './list-notices.ts';
import { readMerged } from './read-merged.ts';

/** Has people told what a look found, when the config names somebody. Never throws. */
export async function tellPeople(
  { notifier, log, nowMs }: { notifier: Notifier; log: Log; nowMs: number },
  reader: RepositoryReader,
  snapshot: Snapshot,
  planned: readonly PlannedPromotion[],
): Promise<void> {
  const { settings, base, ended } = snapshot;
  const { notify: rules = [] } = settings;
  if (rules.length === 0) return;
  try {
    const merged = await readMerged(reader, base.branch, ended, nowMs);
    await notifier.notify(base.repository, rules, [...listNotices(snapshot, planned, nowMs), ...merged]);
  } catch (error) {
    log.warn({ repository: base.repository, err: error }, 'people are not told what became of promotions');
  }
}
