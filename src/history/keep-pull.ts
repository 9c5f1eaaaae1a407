import type { ReadPull } from './read-pull.ts';
import type { PromotionRecord } from './record.ts';
import type { HistoryStore } from './store.ts';

/**
 * Writes down what GitHub tells of a pull request, and returns what is known now. GitHub forgets check runs: gates that
 * were known before stay known.
 */
export async function keepPull(
  store: HistoryStore,
  repository: string,
  pull: number,
  { records, isWhole }: ReadPull,
): Promise<PromotionRecord[]> {
  let kept: PromotionRecord[] = records;
  if (records.length === 0) return kept;
  await store.change(
    repository,
    pull,
    (before) => {
      kept = records.map((record) => ({ ...record, gates: record.gates ?? gatesBefore(before, record) }));
      return kept;
    },
    isWhole,
  );
  return kept;
}

function gatesBefore(before: readonly PromotionRecord[], record: PromotionRecord): PromotionRecord['gates'] {
  const { application, environment, headSha, fingerprint } = record;
  const known = before.find(
    (each) =>
      each.application === application &&
      each.environment === environment &&
      each.headSha === headSha &&
      each.fingerprint === fingerprint,
  );
  return known?.gates ?? null;
}
