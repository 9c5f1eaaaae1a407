import { applyPatch, parsePatch, reversePatch } from 'diff';
import type { PromoteRule } from '../domain/promote-rule.ts';
import type { TargetLocation } from '../domain/target.ts';
import { type HeldValue, valueKey } from '../domain/value.ts';
import { selectPaths } from '../manifests/select-paths.ts';
import type { Commit, CommitFile, RepositoryReader } from './ports.ts';
import { readHeld } from './read-held.ts';
import type { Base, Target } from './snapshot.ts';

/** A value that a commit may have set; null stands for a file that it deleted. */
export type SetValue = Pick<HeldValue, 'kind' | 'name' | 'part'> & { value: string | null };

/** History of one target. */
export interface History {
  reader: RepositoryReader;
  base: Base;
  rules: readonly PromoteRule[];
  target: Target;
}

/** A commit with the values that it was the last to set. */
export interface Setter {
  commit: Commit;
  values: SetValue[];
}

/** Commits of a target that are looked at; what they do not explain stays unexplained. */
const MOST_COMMITS = 100;

/**
 * For each value, the last commit up to `sha` that set it in a target. `unexplained` are the values whose commit was
 * not found.
 */
export async function findSetters(
  history: History,
  sha: string,
  values: readonly SetValue[],
): Promise<{ setters: Setter[]; unexplained: SetValue[] }> {
  const { reader, base, target } = history;
  const setters: Setter[] = [];
  let open = [...values];
  const look = async (commit: Commit) => {
    const set = await valuesSetBy(history, commit, open);
    if (set.length === 0) return;
    setters.push({ commit, values: set });
    open = open.filter((value) => !set.includes(value));
  };
  // Where it is the tip that is asked for, its patch is at hand.
  if (sha === base.commit.sha) await look(base.commit);
  if (open.length > 0) {
    for (const found of await reader.listCommits(sha, target.location.root, MOST_COMMITS)) {
      if (open.length === 0) break;
      if (found !== base.commit.sha) await look(await reader.readCommit(found));
    }
  }
  return { setters, unexplained: open };
}

/** The values that a commit set: it holds them after, and not before. A whole file it set by touching it at all. */
export async function valuesSetBy(
  history: History,
  commit: Commit,
  values: readonly SetValue[],
): Promise<SetValue[]> {
  const { rules, target } = history;
  const { location } = target;
  if (commit.parents.length === 0) return [...values];
  const touched = changedFiles(target, commit);
  const paths = touched.map(({ path }) => path);
  const isTouched = ({ name }: SetValue) =>
    touched.some(({ path, previousPath }) => [path, previousPath].includes(`${location.root}/${name}`));
  const set = values.filter((value) => value.kind === 'file' && isTouched(value));
  const scalars = values.filter(({ kind }) => kind !== 'file');
  const relevant = new Set(scalars.length > 0 ? selectPaths(rules, location, paths) : []);
  for (const file of touched.filter(({ path }) => relevant.has(path))) {
    const after = await readAfter(history, commit, file);
    if (after === null) continue;
    const before = await readBefore(history.reader, commit, file, after);
    const now = valuesOf(rules, location, file.path, after);
    const then = valuesOf(rules, location, file.path, before);
    for (const value of scalars) {
      const key = valueKey(value);
      const isSet = now.get(key) === value.value && then.get(key) !== value.value;
      if (isSet && !set.includes(value)) set.push(value);
    }
  }
  return set;
}

/** Files of a target that a commit changed; all that hold values when GitHub did not list them all. */
function changedFiles(target: Target, commit: Commit): CommitFile[] {
  const isHere = (path: string | null) => path !== null && isBelow(path, target.location);
  if (commit.files) {
    return commit.files.filter(({ path, previousPath }) => isHere(path) || isHere(previousPath));
  }
  return [...target.texts.keys()].map((path) => ({ path, previousPath: null, patch: null }));
}

function isBelow(path: string, { root, isFile }: TargetLocation): boolean {
  return isFile ? path === root : path.startsWith(`${root}/`);
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

function valuesOf(
  rules: readonly PromoteRule[],
  location: TargetLocation,
  path: string,
  text: string | null,
): Map<string, string> {
  if (text === null) return new Map();
  const { values } = readHeld(rules, location, [{ path, text }], []);
  return new Map(values.map((value: HeldValue) => [valueKey(value), value.value]));
}
