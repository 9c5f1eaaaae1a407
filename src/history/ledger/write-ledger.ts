import type { StateHost } from '../../promotion/ports/history.ts';
import { formatHolds } from '../../promotion/state/hold-document.ts';
import { HOLDS_PATH } from '../../promotion/state/hold-store.ts';
import { commitState, readStateTree, type StateTree } from '../../promotion/state/state-branch.ts';
import { toLines } from './chain.ts';
import {
  EMPTY_INDEX,
  type EndedPull,
  formatIndex,
  INDEX_PATH,
  isKept,
  type LedgerIndex,
  parseIndex,
  withKept,
} from './ledger-index.ts';

/** A file is written whole with each commit that adds to it. */
const MOST_FILE_BYTES = 256 * 1024;
/** Of the records of one commit. */
const MOST_BATCH_BYTES = 512 * 1024;
const MOST_TRIES = 3;

/** What came of it: pull requests that are on the branch now, and the hash of its last line. */
export interface Written {
  kept: number[];
  addedCount: number;
  last: string | null;
}

/**
 * Keeps ended promotions on the state branch, in one commit: those that are not there yet, as many as fit; none is
 * written twice. Throws when the branch is not the App's own, or GitHub does not take it.
 */
export async function writeLedger(host: StateHost, ended: readonly EndedPull[]): Promise<Written> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const tree = await readStateTree(host);
    if (!tree.known) throw new Error(tree.reason);
    const index = await readIndex(host, tree.value);
    const there = ended.filter((each) => isKept(index, each)).map(({ pull }) => pull);
    const added = takeBatch(ended.filter(({ pull }) => !there.includes(pull)));
    if (added.length === 0) return { kept: there, addedCount: 0, last: index.last };
    const next = await addTo(host, tree.value, index, added);
    if (next) return { kept: [...there, ...added.map(({ pull }) => pull)], ...next };
  }
  throw new Error('the branch is written by others without a pause');
}

async function readIndex(host: StateHost, { entries }: StateTree): Promise<LedgerIndex> {
  const entry = entries.find(({ path }) => path === INDEX_PATH);
  if (!entry) return EMPTY_INDEX;
  const text = await host.readText(entry.sha);
  if (text === null) throw new Error(`${INDEX_PATH} is no text`);
  return parseIndex(text);
}

/** The first ones, as many as one commit should carry, but one at least. */
function takeBatch(ended: readonly EndedPull[]): EndedPull[] {
  let bytes = 0;
  const fits = ended.findIndex(({ records }) => {
    bytes += JSON.stringify(records).length;
    return bytes > MOST_BATCH_BYTES;
  });
  return ended.slice(0, fits < 0 ? undefined : Math.max(1, fits));
}

/** Null when the branch moved meanwhile. */
async function addTo(
  host: StateHost,
  tree: StateTree,
  index: LedgerIndex,
  added: readonly EndedPull[],
): Promise<Omit<Written, 'kept'> | null> {
  const records = added.flatMap((each) => each.records);
  const { text, last } = toLines(index.last, records);
  const { path, before } = await chooseFile(host, tree, index);
  const count = index.count + records.length;
  const next = { ...withKept(index, added), count, last, file: path };
  const files = [
    { path, content: before + text },
    { path: INDEX_PATH, content: formatIndex(next) },
    // Without it the branch is not believed.
    ...(tree.tip ? [] : [{ path: HOLDS_PATH, content: formatHolds([]) }]),
  ].map((file) => ({ ...file, mode: '100644' }));
  const promotions = records.length === 1 ? 'promotion' : 'promotions';
  const message = `Keep ${records.length} ended ${promotions}\n\nLast line: ${last}`;
  return (await commitState(host, tree, files, message)) ? { addedCount: records.length, last } : null;
}

/** The last file, with what it holds; a new one when it is long, or is not there any more. */
async function chooseFile(
  host: StateHost,
  { entries }: StateTree,
  { file }: LedgerIndex,
): Promise<{ path: string; before: string }> {
  if (file === null) return { path: pathOf(1), before: '' };
  const entry = entries.find(({ path }) => path === file);
  if (!entry) throw new Error(`${file} is not there, and ${INDEX_PATH} says that it is the last one`);
  if (entry.sizeBytes >= MOST_FILE_BYTES) return { path: pathOf(numberOf(file) + 1), before: '' };
  const before = await host.readText(entry.sha);
  if (before === null) throw new Error(`${file} is no text`);
  return { path: file, before };
}

/** `history/0001.jsonl` */
function pathOf(number: number): string {
  return `history/${String(number).padStart(4, '0')}.jsonl`;
}

export function numberOf(path: string): number {
  return Number(/^history\/(\d+)\.jsonl$/.exec(path)?.[1] ?? Number.NaN);
}
