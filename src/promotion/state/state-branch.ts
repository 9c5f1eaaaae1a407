import { type Known, known, unknown } from '../../domain/gates/gate.ts';
import { code } from '../markdown.ts';
import type { Commit, FileEdit, TreeEntry } from '../ports/git.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';

/**
 * What people decided and what has no other place on GitHub: an orphan branch that the App alone writes, one commit for
 * each change, so that its history says who decided what.
 */
export const STATE_BRANCH = 'sluice-state';

/**
 * The last paragraph of each commit there. A commit of the App from elsewhere (a promotion's) is signed like these, and
 * anybody with write access could let the branch point at one.
 */
const MARK = 'Sluice-State: 1';

/** More writers than this at a time there are not, and each of them wins once. */
const MOST_TRIES = 8;

/** Begin of what a commit says that keeps ended promotions. */
const KEEPS_HISTORY = /^Keep \d+ ended promotions?\n/;
/** One comes with each sweep at most; a command that was not answered is taken again within half an hour. */
const MOST_SKIPPED = 10;

/** The file that the branch begins with: without it the branch is not believed. */
const FIRST_FILE = 'holds.json';

/** The branch at its tip. */
export interface State {
  /** Null while there is no such branch. */
  tip: { sha: string; treeSha: string } | null;
  /** Text of the file; null while there is no such branch. */
  text: string | null;
}

/** The same of several files, all at one commit. */
export interface States extends Pick<State, 'tip'> {
  /** By path; null for a file that is not there. */
  texts: ReadonlyMap<string, string | null>;
}

/**
 * Files of the state branch as they are now, for one call: what a commit holds is kept. Unknown when the tip is not the
 * App's own. Throws when GitHub does not answer.
 */
export async function readStates(reader: RepositoryReader, paths: readonly string[]): Promise<Known<States>> {
  const sha = await reader.readBranch(STATE_BRANCH);
  return sha === null ? known({ tip: null, texts: new Map() }) : readStatesAt(reader, sha, paths);
}

/** The same of one file. */
export async function readState(reader: RepositoryReader, path: string): Promise<Known<State>> {
  return toState(await readStates(reader, [path]), path);
}

/**
 * A file as it was before the newest change, when `line` stands in the message of that: whoever made it may have died
 * before anybody was told. Null otherwise.
 */
export async function readStateBefore(
  reader: RepositoryReader,
  path: string,
  line: string,
): Promise<Known<State> | null> {
  const commit = await readLastDecision(reader);
  const [before] = commit?.parents ?? [];
  if (!commit?.isSluices || !commit.message.split('\n').includes(line) || before === undefined) return null;
  return toState(await readStatesAt(reader, before, [path]), path);
}

/** The newest commit there that is not one of the history's, which change nothing that people decided. */
async function readLastDecision(reader: RepositoryReader): Promise<Commit | null> {
  let sha: string | null | undefined = await reader.readBranch(STATE_BRANCH);
  for (let step = 0; sha && step < MOST_SKIPPED; step++) {
    const commit: Commit = await reader.readCommit(sha);
    if (!KEEPS_HISTORY.test(commit.message)) return commit;
    sha = commit.parents[0];
  }
  return null;
}

function toState(states: Known<States>, path: string): Known<State> {
  if (!states.known) return states;
  const { tip, texts } = states.value;
  return known({ tip, text: texts.get(path) ?? null });
}

async function readStatesAt(
  reader: RepositoryReader,
  sha: string,
  paths: readonly string[],
): Promise<Known<States>> {
  const found = await readTreeAt(reader, sha);
  if (!found.known) return found;
  const { tip, entries } = found.value;
  const texts = new Map<string, string | null>();
  for (const path of new Set([FIRST_FILE, ...paths])) {
    const entry = entries.find((each) => each.path === path);
    const text = entry?.type === 'blob' ? await reader.readText(entry.sha) : null;
    if (text === null && (entry || path === FIRST_FILE))
      return unknown(
        `${code(path)} is not to be found in ${short(sha)} on the branch ${code(STATE_BRANCH)}. ${REPAIR}`,
      );
    texts.set(path, text);
  }
  return known({ tip, texts });
}

/** A file's new text, and the message of the commit that brings it; its first line says what changes. */
export interface StateChange {
  text: string;
  message: string;
}

/** The same of several files, by path. */
export interface StatesChange {
  texts: ReadonlyMap<string, string>;
  message: string;
}

/**
 * Changes files of the state branch in one commit. `change` sees what is there and says what is to be there, null for
 * nothing new; when another change came first, it is asked again. Unknown as in `readStates`.
 */
export async function changeStates(
  host: RepositoryReader & RepositoryWriter,
  paths: readonly string[],
  change: (state: States) => Known<StatesChange | null>,
): Promise<Known<'changed' | 'unchanged'>> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const state = await readStates(host, paths);
    if (!state.known) return state;
    const wanted = change(state.value);
    if (!wanted.known) return wanted;
    if (wanted.value === null) return known('unchanged');
    const { texts, message } = wanted.value;
    const files = [...texts].map(([path, content]) => ({ path, content, mode: '100644' }));
    if (await commitState(host, state.value, files, message)) return known('changed');
  }
  throw new Error(`the branch ${STATE_BRANCH} is written by others without a pause`);
}

/** The same of one file. */
export async function changeState(
  host: RepositoryReader & RepositoryWriter,
  path: string,
  change: (state: State) => Known<StateChange | null>,
): Promise<Known<'changed' | 'unchanged'>> {
  return changeStates(host, [path], ({ tip, texts }) => {
    const wanted = change({ tip, text: texts.get(path) ?? null });
    if (!wanted.known || wanted.value === null) return wanted as Known<null>;
    const { text, message } = wanted.value;
    return known({ texts: new Map([[path, text]]), message });
  });
}

function isMarked(message: string): boolean {
  return message.trimEnd().endsWith(`\n\n${MARK}`);
}

function describeForeign(sha: string): string {
  return `the branch ${code(STATE_BRANCH)} stands at ${short(sha)}, which Sluice did not make, so that nobody knows what is held. ${REPAIR}`;
}

const REPAIR = `Set the branch back to the last commit of Sluice (\`git log ${STATE_BRANCH}\` shows it), or delete it, which ends all holds`;

function short(sha: string): string {
  return sha.slice(0, 7);
}

/** The branch at its tip, with everything that is on it. */
export interface StateTree {
  tip: State['tip'];
  entries: readonly TreeEntry[];
}

/** All files of the state branch as it is now; empty while there is none. Unknown when the tip is not the App's own. */
export async function readStateTree(
  reader: Pick<RepositoryReader, 'readBranch' | 'readCommit' | 'readTree'>,
): Promise<Known<StateTree>> {
  const sha = await reader.readBranch(STATE_BRANCH);
  return sha === null ? known({ tip: null, entries: [] }) : readTreeAt(reader, sha);
}

async function readTreeAt(
  reader: Pick<RepositoryReader, 'readCommit' | 'readTree'>,
  sha: string,
): Promise<Known<StateTree>> {
  const commit = await reader.readCommit(sha);
  if (!isStateCommit(commit)) return unknown(describeForeign(sha));
  const { treeSha } = commit;
  return known({ tip: { sha, treeSha }, entries: await reader.readTree(treeSha) });
}

/** Commits files upon what was read of the branch; false when it is not any more what it was then. */
export async function commitState(
  host: Pick<RepositoryWriter, 'createCommit' | 'createBranch' | 'advanceBranch'>,
  { tip }: Pick<StateTree, 'tip'>,
  files: FileEdit[],
  message: string,
): Promise<boolean> {
  const { sha } = await host.createCommit({
    baseTree: tip?.treeSha ?? null,
    parents: tip ? [tip.sha] : [],
    files,
    message: `${message}\n\n${MARK}\n`,
  });
  return tip ? host.advanceBranch(STATE_BRANCH, sha) : host.createBranch(STATE_BRANCH, sha);
}

/** Whether a commit is one of those that Sluice makes there. */
export function isStateCommit({
  isSluices,
  message,
}: {
  isSluices: boolean | null;
  message: string;
}): boolean {
  return isSluices === true && isMarked(message);
}
