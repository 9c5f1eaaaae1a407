import { applyPatch, parsePatch, reversePatch } from 'diff';
import type { PromoteRule } from '../../domain/promote-rule.ts';
import type { TargetLocation } from '../../domain/target.ts';
import { type HeldValue, valueKey } from '../../domain/value.ts';
import type { Commit, CommitFile } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, Target } from '../snapshot.ts';
import { readHeld } from './read-held.ts';

/** A value that a commit may have set. */
export type SetValue = Pick<HeldValue, 'kind' | 'name' | 'part'> & {
  /** Null stands for a file that is gone. */
  value: string | null;
  /** Of a whole file: the blob that it replaces; null where there was none. Who wrote any of what came after counts. */
  replaces: string | null;
};

/** History of one target. */
export interface History {
  reader: RepositoryReader;
  base: Base;
  rules: readonly PromoteRule[];
  target: Target;
}

/** A commit with the values that it had a part in. */
export interface Setter {
  commit: Commit;
  values: SetValue[];
}

/** One value in one file of the target. */
interface Place {
  value: SetValue;
  path: string;
}

/** What a commit did to a value in a file. It is `all` its doing when nothing of it was there before. */
type Part = { did: 'nothing' } | { did: 'some' | 'all'; replaces: string | null };

/** Commits of a target that are looked at; what they do not explain stays unexplained. */
const MOST_COMMITS = 100;

/**
 * For each value, the commits up to `sha` that set it in a target: of a value that stands in several places, or of a
 * whole file, all that had a part in it. `unexplained` are the values whose first part was not found.
 */
export async function findSetters(
  history: History,
  sha: string,
  values: readonly SetValue[],
): Promise<{ setters: Setter[]; unexplained: SetValue[] }> {
  const { reader, base, target } = history;
  const setters: Setter[] = [];
  const lost = values.filter((value) => placesOf(target, value).length === 0);
  let open = values.flatMap((value) => placesOf(target, value));
  const look = async (commit: Commit) => {
    const parts = await Promise.all(open.map((place) => partIn(history, commit, place)));
    const set = open.flatMap(({ value }, index) => {
      const part = parts[index]!;
      return part.did === 'nothing' ? [] : [{ ...value, replaces: part.replaces }];
    });
    if (set.length > 0) setters.push({ commit, values: set });
    open = open.filter((_, index) => parts[index]!.did !== 'all');
  };
  // Where it is the tip that is asked for, its patch is at hand.
  if (sha === base.commit.sha) await look(base.commit);
  if (open.length > 0) {
    for (const found of await reader.listCommits(sha, target.location.root, MOST_COMMITS)) {
      if (open.length === 0) break;
      if (found !== base.commit.sha) await look(await reader.readCommit(found));
    }
  }
  return { setters, unexplained: [...lost, ...open.map(({ value }) => value)] };
}

/** Whether a commit had a part in any of the values. */
export async function setsAny(
  history: History,
  commit: Commit,
  values: readonly SetValue[],
): Promise<boolean> {
  for (const place of values.flatMap((value) => placesOf(history.target, value))) {
    // To have touched a whole file is enough, and costs no call.
    if (place.value.kind === 'file' && findFile(commit, place.path)) return true;
    if (place.value.kind !== 'file' && (await partIn(history, commit, place)).did !== 'nothing') return true;
  }
  return false;
}

/** Files of the target that hold a value. */
function placesOf({ location, held }: Target, value: SetValue): Place[] {
  if (value.kind === 'file') return [{ value, path: `${location.root}/${value.name}` }];
  const found = held.values.find((each) => valueKey(each) === valueKey(value));
  const paths = new Set(found?.occurrences.map(({ path }) => path));
  return [...paths].map((path) => ({ value, path }));
}

async function partIn(history: History, commit: Commit, { value, path }: Place): Promise<Part> {
  const file = findFile(commit, path);
  if (!file) return { did: 'nothing' };
  return value.kind === 'file'
    ? partInFile(history, commit, value, path)
    : partInValue(history, commit, value, file);
}

/** The file among those that a commit changed; any may be when GitHub did not list them all. */
function findFile({ files }: Commit, path: string): CommitFile | null {
  if (files === null) return { path, previousPath: null, patch: null };
  return files.find((each) => each.path === path || each.previousPath === path) ?? null;
}

async function partInFile(
  { reader }: History,
  { parents: [parent] }: Commit,
  { replaces }: SetValue,
  path: string,
): Promise<Part> {
  const before = parent ? ((await reader.readFile(path, parent))?.sha ?? null) : null;
  return { did: before === replaces || parent === undefined ? 'all' : 'some', replaces: before };
}

async function partInValue(
  { reader, base, rules, target }: History,
  commit: Commit,
  value: SetValue,
  file: CommitFile,
): Promise<Part> {
  const after = await readAfter({ reader, base, rules, target }, commit, file);
  if (after === null) return { did: 'nothing' };
  const before = commit.parents.length === 0 ? null : await readBefore(reader, commit, file, after);
  const now = countOf(rules, target.location, file.path, after, value);
  const then = countOf(rules, target.location, file.path, before, value);
  if (now <= then) return { did: 'nothing' };
  return { did: then === 0 ? 'all' : 'some', replaces: null };
}

async function readAfter(
  { reader, base, target }: History,
  commit: Commit,
  file: CommitFile,
): Promise<string | null> {
  if (commit.sha === base.commit.sha) return target.texts.get(file.path) ?? null;
  return (await reader.readFile(file.path, commit.sha))?.text ?? null;
}

async function readBefore(
  reader: RepositoryReader,
  commit: Commit,
  file: CommitFile,
  after: string,
): Promise<string | null> {
  const undone = file.patch === null ? null : undoPatch(after, file.patch);
  if (undone !== null) return undone;
  const parent = commit.parents[0];
  return parent ? ((await reader.readFile(file.previousPath ?? file.path, parent))?.text ?? null) : null;
}

/** The text before a patch, or null when the patch does not fit. */
function undoPatch(after: string, patch: string): string | null {
  const [parsed] = parsePatch(patch);
  if (!parsed || parsed.hunks.length === 0) return null;
  const before = applyPatch(after, reversePatch(parsed));
  return before === false ? null : before;
}

/** In how many places of a file a value stands. */
function countOf(
  rules: readonly PromoteRule[],
  location: TargetLocation,
  path: string,
  text: string | null,
  wanted: SetValue,
): number {
  if (text === null) return 0;
  const { values, ambiguous } = readHeld(rules, location, [{ path, text }], []);
  const key = valueKey(wanted);
  const places = [
    ...values,
    ...ambiguous.flatMap(({ kind, name, part, values: each }) =>
      each.map((one) => ({ kind, name, part, ...one })),
    ),
  ];
  return places
    .filter((each) => valueKey(each) === key && each.value === wanted.value)
    .reduce((count, { occurrences }) => count + occurrences.length, 0);
}
