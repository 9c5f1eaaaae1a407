import { applyPatch, structuredPatch } from 'diff';
import type { TreeEntry } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';

type Reader = Pick<RepositoryReader, 'readCommit' | 'readTree' | 'readText' | 'readMergeBase'>;
type Files = ReadonlyMap<string, TreeEntry>;

/** A file that both sides changed is merged by its text up to this size. */
const LARGEST_BYTES = 1_000_000;
const MOST_EDITS = 10_000;

/** Lines around a change that must be as they were: fewer where the other side changed something close by. */
const CONTEXTS = [3, 1, 0];

/**
 * Whether a commit holds exactly what merging a head into a base comes to, by whichever method: the check on it stands
 * for the head's. Anybody could give a branch the name of a queue's, so what it holds is compared, file by file.
 * @returns what is not so, or null.
 */
export async function verifyMerge(
  reader: Reader,
  { baseSha, headSha, mergedSha }: { baseSha: string; headSha: string; mergedSha: string },
): Promise<string | null> {
  const originSha = await reader.readMergeBase(baseSha, headSha);
  const read = [originSha, baseSha, headSha, mergedSha].map((sha) => readFiles(reader, sha));
  const [origin, base, head, merged] = (await Promise.all(read)) as [Files, Files, Files, Files];
  for (const path of new Set([...base.keys(), ...head.keys(), ...merged.keys(), ...origin.keys()])) {
    const [was, ours, theirs, is] = [origin, base, head, merged].map((files) => files.get(path));
    // Most files are what they were: no promise for each of a hundred thousand.
    if (isSame(theirs, was) && isSame(is, ours)) continue;
    if (!(await isMerged(reader, was, ours, theirs, is))) return path;
  }
  return null;
}

/** What a commit holds, by path. */
export async function readFiles(
  reader: Pick<Reader, 'readCommit' | 'readTree'>,
  sha: string,
): Promise<Files> {
  const { treeSha } = await reader.readCommit(sha);
  const entries = await reader.readTree(treeSha);
  return new Map(entries.filter(({ type }) => type !== 'tree').map((entry) => [entry.path, entry]));
}

type Entry = TreeEntry | undefined;

async function isMerged(reader: Reader, was: Entry, ours: Entry, theirs: Entry, is: Entry): Promise<boolean> {
  if (isSame(theirs, was)) return isSame(is, ours);
  if (isSame(ours, was) || isSame(ours, theirs)) return isSame(is, theirs);
  if (!was || !ours || !theirs || !is) return false;
  const all = [was, ours, theirs, is];
  if (
    all.some(({ mode, type, sizeBytes }) => type !== 'blob' || mode !== was.mode || sizeBytes > LARGEST_BYTES)
  )
    return false;
  const texts = await Promise.all(all.map(({ sha }) => reader.readText(sha)));
  const [before, mine, changed, result] = texts;
  if (before == null || mine == null || changed == null || result == null) return false;
  return CONTEXTS.some((context) => {
    const patch = structuredPatch('', '', before, changed, '', '', { context, maxEditLength: MOST_EDITS });
    return patch !== undefined && applyPatch(mine, patch) === result;
  });
}

function isSame(one: Entry, other: Entry): boolean {
  return one?.sha === other?.sha && one?.mode === other?.mode;
}
