import { z } from 'zod';
import type { PromotionRecord } from '../record.ts';
import { formatRanges, parseRanges } from './number-ranges.ts';

export const INDEX_PATH = 'history.json';

/** What tells, without reading all of it, what the ledger holds and where it goes on. */
export interface LedgerIndex {
  /** Lines in all files. */
  count: number;
  /** Hash of the last line; null while there is none. */
  last: string | null;
  /** The file that the last line is in; null while there is none. */
  file: string | null;
  /** Pull requests that merged: nothing becomes of them any more. */
  merged: ReadonlySet<number>;
  /** The others, with when they were closed, in seconds since the epoch: somebody may open them again. */
  closed: ReadonlyMap<number, number>;
}

export const EMPTY_INDEX: LedgerIndex = {
  count: 0,
  last: null,
  file: null,
  merged: new Set(),
  closed: new Map(),
};

const FILE = /^history\/\d{4,9}\.jsonl$/;
const document = z.strictObject({
  version: z.literal(1),
  count: z.int().nonnegative(),
  last: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  file: z.string().regex(FILE).nullable(),
  merged: z.string(),
  closed: z.record(z.string().regex(/^\d{1,10}$/), z.int().nonnegative()),
});

/** @throws when it is not what Sluice writes */
export function parseIndex(text: string): LedgerIndex {
  const { count, last, file, merged: ranges, closed } = document.parse(JSON.parse(text));
  const merged = parseRanges(ranges);
  if (!merged) throw new Error(`\`merged\` of ${INDEX_PATH} is not what Sluice writes`);
  const entries = Object.entries(closed).map(([pull, atS]): [number, number] => [Number(pull), atS]);
  return { count, last, file, merged, closed: new Map(entries) };
}

export function formatIndex({ count, last, file, merged, closed }: LedgerIndex): string {
  const ended = Object.fromEntries([...closed].sort(([one], [other]) => one - other));
  const text = { version: 1, count, last, file, merged: formatRanges(merged), closed: ended };
  return `${JSON.stringify(text)}\n`;
}

/** A pull request that has ended, with its records. */
export interface EndedPull {
  pull: number;
  records: readonly PromotionRecord[];
}

/** Whether the ledger has this end of a pull request. */
export function isKept(
  { merged, closed }: Pick<LedgerIndex, 'merged' | 'closed'>,
  ended: EndedPull,
): boolean {
  return merged.has(ended.pull) || (!hasMerged(ended) && closed.get(ended.pull) === closedAtS(ended));
}

/** The index with these, too. */
export function withKept(
  { merged, closed }: Pick<LedgerIndex, 'merged' | 'closed'>,
  added: readonly EndedPull[],
): Pick<LedgerIndex, 'merged' | 'closed'> {
  const nextMerged = new Set(merged);
  const nextClosed = new Map(closed);
  for (const each of added) {
    nextClosed.delete(each.pull);
    if (hasMerged(each)) nextMerged.add(each.pull);
    else nextClosed.set(each.pull, closedAtS(each));
  }
  return { merged: nextMerged, closed: nextClosed };
}

function hasMerged({ records }: EndedPull): boolean {
  return records.some(({ outcome }) => outcome === 'merged');
}

function closedAtS({ records }: EndedPull): number {
  return Math.max(0, ...records.map(({ closedAt }) => (closedAt ? Date.parse(closedAt) / 1_000 : 0)));
}
