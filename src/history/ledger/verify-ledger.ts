import type { LedgerReader } from '../../promotion/ports/history.ts';
import type { Pull } from '../../promotion/ports/pulls.ts';
import { mayBePromotion, readPullHistory } from '../read-pull.ts';
import { compareWithPull, compareWithRecord } from './compare-records.ts';
import type { EndedPull } from './ledger-index.ts';
import { groupByPull, readLedger } from './read-ledger.ts';

const PAGE = 100;
/** Until the sweep that keeps it has come: sweeps are ten minutes apart, and each takes twenty pull requests. */
const GRACE_MS = 6 * 60 * 60 * 1000;

export interface VerifyOptions {
  /** What ended since then is compared with all that GitHub knows; what is older, with the list of pull requests. */
  sinceMs: number;
  nowMs: number;
  /** Hash of a line that somebody noted: it must still be there. */
  noted: string | null;
}

/** What the records on the state branch came to. */
export interface Verified {
  repository: string;
  /** Lines. */
  recordCount: number;
  pullCount: number;
  /** Pull requests that were compared with all that GitHub knows. */
  comparedCount: number;
  /** Hash of the last line. */
  last: string | null;
  problems: string[];
}

/**
 * Holds the records on the state branch to their chain, and to what git and GitHub know. About five calls for each pull
 * request that ended since `sinceMs`, and one for a hundred of the others, commits and files. Writes nothing.
 */
export async function verifyLedger(reader: LedgerReader, options: VerifyOptions): Promise<Verified> {
  const { noted } = options;
  const { lines, problems } = await readLedger(reader);
  if (noted !== null && !lines.some(({ hash }) => hash === noted))
    problems.push(`no line has the hash ${noted}: what was there when it was noted is not there any more`);
  const kept = new Map(groupByPull(lines).map((each) => [each.pull, each]));
  const unseen = new Set(kept.keys());
  const tip = await reader.readDefaultTip();
  let comparedCount = 0;
  for (let page = 1; tip !== null; page++) {
    const listed = await reader.listAllPulls(page);
    for (const pull of listed.filter(mayBePromotion)) {
      unseen.delete(pull.number);
      const ended = kept.get(pull.number) ?? null;
      if (ended) problems.push(...compareListed(ended, pull));
      if (!isToBeRead(pull, ended !== null, options)) continue;
      comparedCount++;
      const { isWhole, records } = await readPullHistory(reader, reader.fullName, tip.branch, pull);
      if (isWhole) problems.push(...compareWhole(pull.number, ended, records));
    }
    if (listed.length < PAGE) break;
  }
  for (const pull of unseen) problems.push(`#${pull}: GitHub has no such pull request of Sluice`);
  const last = lines.at(-1)?.hash ?? null;
  const counts = { recordCount: lines.length, pullCount: kept.size, comparedCount };
  return { repository: reader.fullName, ...counts, last, problems };
}

/** What ended lately; and what is not kept although there was time to. */
function isToBeRead(
  { closedAt, isOpen }: Pull,
  hasRecords: boolean,
  { sinceMs, nowMs }: VerifyOptions,
): boolean {
  if (closedAt === null || isOpen) return false;
  const closedMs = Date.parse(closedAt);
  return hasRecords ? closedMs >= sinceMs : closedMs < nowMs - GRACE_MS;
}

function compareListed({ pull: number, records }: EndedPull, pull: Pull): string[] {
  return records.flatMap((record) =>
    compareWithPull(record, pull).map((problem) => `${nameOf(number, record)}: ${problem}`),
  );
}

function compareWhole(pull: number, ended: EndedPull | null, now: EndedPull['records']): string[] {
  const missing = now
    .filter((each) => !ended?.records.some((record) => isSameTarget(record, each)))
    .map(
      (each) =>
        `${nameOf(pull, each)}: it has ended, and is not kept. \`sluice history rebuild\` and the next sweep keep it`,
    );
  const others = (ended?.records ?? []).flatMap((record) => {
    const same = now.find((each) => isSameTarget(record, each));
    const problems = same ? compareWithRecord(record, same) : ['git and GitHub know nothing of it'];
    return problems.map((problem) => `${nameOf(pull, record)}: ${problem}`);
  });
  return [...missing, ...others];
}

type Target = Pick<EndedPull['records'][number], 'application' | 'environment'>;

function isSameTarget(one: Target, other: Target): boolean {
  return one.application === other.application && one.environment === other.environment;
}

function nameOf(pull: number, { application, environment }: Target): string {
  return `#${pull} ${application} to ${environment}`;
}
