import type { Ancestor, TreeEntry } from '../../promotion/ports/git.ts';
import type { LedgerReader } from '../../promotion/ports/history.ts';
import { isStateCommit, STATE_BRANCH } from '../../promotion/state/state-branch.ts';
import { type ReadLedger, readLines } from './chain.ts';
import { type EndedPull, INDEX_PATH, type LedgerIndex, parseIndex, withKept } from './ledger-index.ts';
import { formatRanges } from './number-ranges.ts';
import { numberOf } from './write-ledger.ts';

const PAGE = 100;
const NOTHING = { merged: new Set<number>(), closed: new Map<number, number>() };

/** The whole ledger, with what is wrong about it by itself: its commits, its chain, its index. Empty without the branch. */
export async function readLedger(reader: LedgerReader): Promise<ReadLedger> {
  const tip = await reader.readBranch(STATE_BRANCH);
  if (tip === null) return { lines: [], problems: [] };
  const foreign = await findForeign(reader, tip);
  const entries = await reader.readTree((await reader.readCommit(tip)).treeSha);
  const { files, problems } = await readFiles(reader, entries);
  const ledger = readLines(files);
  const index = await findIndex(reader, entries);
  return {
    lines: ledger.lines,
    problems: [...foreign, ...problems, ...ledger.problems, ...checkIndex(index, ledger, files)],
  };
}

/** Commits of the branch that are not Sluice's, or not one after the other. */
async function findForeign(reader: LedgerReader, tip: string): Promise<string[]> {
  const commits = new Map<string, Ancestor>();
  for (let page = 1; ; page++) {
    const listed = await reader.listAncestors(tip, page);
    for (const commit of listed) commits.set(commit.sha, commit);
    if (listed.length < PAGE) break;
  }
  const problems: string[] = [];
  for (let sha: string | undefined = tip; sha !== undefined; ) {
    const commit = commits.get(sha);
    const name = `commit ${sha.slice(0, 7)} of ${STATE_BRANCH}`;
    if (!commit) return [...problems, `${name}: GitHub does not list it`];
    if (!isStateCommit(commit)) problems.push(`${name}: Sluice did not make it`);
    if (commit.parents.length > 1) problems.push(`${name}: it is a merge, which Sluice does not make there`);
    sha = commit.parents[0];
  }
  return problems;
}

interface LedgerFile {
  path: string;
  text: string;
}

async function readFiles(
  reader: LedgerReader,
  entries: readonly TreeEntry[],
): Promise<{ files: LedgerFile[]; problems: string[] }> {
  const files: LedgerFile[] = [];
  const problems: string[] = [];
  const own = entries.filter(({ path, type }) => path.startsWith('history/') && type !== 'tree');
  for (const { path, sha, type } of own.sort((one, other) => numberOf(one.path) - numberOf(other.path))) {
    const isOurs = type === 'blob' && !Number.isNaN(numberOf(path));
    const text = isOurs ? await reader.readText(sha) : null;
    if (text === null) problems.push(`${path}: Sluice writes no such file`);
    else files.push({ path, text });
  }
  return { files, problems };
}

/** Null when it cannot be read; undefined without one. */
async function findIndex(
  reader: LedgerReader,
  entries: readonly TreeEntry[],
): Promise<LedgerIndex | null | undefined> {
  const entry = entries.find(({ path }) => path === INDEX_PATH);
  if (!entry) return undefined;
  try {
    return parseIndex((await reader.readText(entry.sha)) ?? '');
  } catch {
    return null;
  }
}

/** Where the index tells something else than the lines. */
function checkIndex(
  index: LedgerIndex | null | undefined,
  { lines }: ReadLedger,
  files: readonly LedgerFile[],
): string[] {
  if (index === undefined) return files.length === 0 ? [] : [`${INDEX_PATH} is missing`];
  if (index === null) return [`${INDEX_PATH} is not what Sluice writes`];
  const wanted = groupByPull(lines).reduce((kept, each) => withKept(kept, [each]), NOTHING as KeptPulls);
  const told = (kept: KeptPulls) =>
    JSON.stringify([formatRanges(kept.merged), [...kept.closed].sort(([one], [other]) => one - other)]);
  const isSame =
    index.count === lines.length &&
    index.last === (lines.at(-1)?.hash ?? null) &&
    index.file === (files.at(-1)?.path ?? null) &&
    told(index) === told(wanted);
  return isSame ? [] : [`${INDEX_PATH} tells something else than the lines of the files`];
}

type KeptPulls = Pick<LedgerIndex, 'merged' | 'closed'>;

/** What each pull request came to in the end: the last line of each of its promotions counts. */
export function groupByPull(lines: ReadLedger['lines']): EndedPull[] {
  const pulls = new Map<number, Map<string, ReadLedger['lines'][number]['record']>>();
  for (const { record } of lines) {
    const ofPull = pulls.get(record.pull) ?? new Map();
    ofPull.set(JSON.stringify([record.application, record.environment]), record);
    pulls.set(record.pull, ofPull);
  }
  return [...pulls].map(([pull, records]) => ({ pull, records: [...records.values()] }));
}
