import { applyPatch, parsePatch, reversePatch } from 'diff';
import type { PromoteRule } from '../domain/promote-rule.ts';
import type { Release } from '../domain/release.ts';
import type { TargetLocation } from '../domain/target.ts';
import { type HeldValue, valueKey } from '../domain/value.ts';
import { selectPaths } from '../manifests/select-paths.ts';
import type { Commit, CommitFile, RepositoryReader } from './ports.ts';
import { readHeld } from './read-held.ts';
import type { Base, Origin, Target } from './snapshot.ts';

/** Commits of a target that are looked at before its origin counts as unknown. */
const MOST_COMMITS = 20;

interface Search {
  reader: RepositoryReader;
  base: Base;
  source: Target;
  rules: readonly PromoteRule[];
  release: Release;
}

/**
 * The commit on the default branch that brought a release into a source target; null when it is not among the target's
 * latest commits. When it is the tip, this costs no call where GitHub gave the patch: the text before is the text now,
 * the patch undone.
 */
export async function findOrigin(search: Search): Promise<Origin | null> {
  const { reader, base, source } = search;
  if (await bringsRelease(search, base.commit)) return toOrigin(base.commit);
  for (const sha of await reader.listCommits(base.commit.sha, source.location.root, MOST_COMMITS)) {
    const commit = await reader.readCommit(sha);
    if (!(await bringsRelease(search, commit))) continue;
    // Path-limited history walks past merge commits; what brought the release to the branch is the merge.
    const merged = (await reader.listPullsOfCommit(sha)).find(
      (pull) => pull.isMerged && pull.base === base.branch,
    );
    const landed = merged?.mergeCommitSha ? await reader.readCommit(merged.mergeCommitSha) : commit;
    return toOrigin(landed);
  }
  return null;
}

/** A commit as the origin of a release. */
export function toOrigin(commit: Commit): Origin {
  return {
    sha: commit.sha,
    url: commit.url,
    title: commit.message.split('\n', 1)[0]!,
    authorLogin: commit.authorLogin,
  };
}

/** Whether a commit set any value of the release: it holds the value after, and not before. */
async function bringsRelease(search: Search, commit: Commit): Promise<boolean> {
  const { source, rules, release } = search;
  if (commit.parents.length === 0) return true;
  const touched = changedFiles(source, commit);
  const files = new Set(
    release.values.filter(({ kind }) => kind === 'file').map(({ name }) => `${source.location.root}/${name}`),
  );
  if (touched.some(({ path }) => files.has(path))) return true;
  const relevant = new Set(
    selectPaths(
      rules,
      source.location,
      touched.map(({ path }) => path),
    ),
  );
  for (const file of touched.filter(({ path }) => relevant.has(path))) {
    const after = await readAfter(search, commit, file);
    if (after === null) continue;
    const before = await readBefore(search.reader, commit, file, after);
    const held = (text: string | null) => valuesOf(rules, source.location, file.path, text);
    const now = held(after);
    const then = held(before);
    const brought = release.values.some((value) => {
      const key = valueKey(value);
      return now.get(key) === value.value && then.get(key) !== value.value;
    });
    if (brought) return true;
  }
  return false;
}

/** Files of the source that a commit changed; all that hold values when GitHub did not list them all. */
function changedFiles(source: Target, commit: Commit): CommitFile[] {
  if (commit.files) return commit.files.filter(({ path }) => isBelow(path, source.location));
  return [...source.texts.keys()].map((path) => ({ path, previousPath: null, patch: null }));
}

function isBelow(path: string, { root, isFile }: TargetLocation): boolean {
  return isFile ? path === root : path.startsWith(`${root}/`);
}

async function readAfter(
  { reader, base, source }: Search,
  commit: Commit,
  file: CommitFile,
): Promise<string | null> {
  if (commit.sha === base.commit.sha) return source.texts.get(file.path) ?? null;
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
