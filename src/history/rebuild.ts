import type { HistoryReader } from '../promotion/ports/history.ts';
import { keepPull } from './keep-pull.ts';
import { mayBePromotion, readPullHistory } from './read-pull.ts';
import type { HistoryStore } from './store.ts';

/** What GitHub gives at most at once. */
const PAGE = 100;

/** What a rebuild of one repository came to. */
export interface Rebuilt {
  pulls: number;
  promotions: number;
  /** Pull requests that were whole already, and were left as they are. */
  skipped: number;
  /** Promotions whose gates nobody knows any more. */
  withoutGates: number;
}

/**
 * Makes the history of a repository again from what git and GitHub know, one pull request after the other. Safe to
 * repeat and to interrupt, also while Sluice runs.
 *
 * @param isResumed leaves alone what is whole already
 */
export async function rebuildRepository(
  store: HistoryStore,
  reader: HistoryReader,
  repository: string,
  isResumed: boolean,
): Promise<Rebuilt> {
  const rebuilt: Rebuilt = { pulls: 0, promotions: 0, skipped: 0, withoutGates: 0 };
  const tip = await reader.readDefaultTip();
  if (!tip) return rebuilt;
  for (let page = 1; ; page++) {
    const listed = await reader.listAllPulls(page);
    const own = listed.filter(mayBePromotion);
    const numbers = own.map(({ number }) => number);
    const whole = isResumed ? await store.findWhole(repository, numbers) : new Set<number>();
    rebuilt.skipped += whole.size;
    for (const pull of own.filter(({ number }) => !whole.has(number))) {
      const read = await readPullHistory(reader, repository, tip.branch, pull);
      const kept = await keepPull(store, repository, pull.number, read);
      rebuilt.pulls += read.records.length > 0 ? 1 : 0;
      rebuilt.promotions += kept.length;
      rebuilt.withoutGates += kept.filter(({ gates }) => gates === null).length;
    }
    if (listed.length < PAGE) return rebuilt;
  }
}
