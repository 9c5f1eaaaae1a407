import { describeObject } from './git-reader.ts';
import { readRefs } from './git-ref-list.ts';
import { askGit } from './kept-git.ts';
import { runGit, ZERO_SHA } from './run-git.ts';

/** Whether the text is a full object name. */
export function isSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** Whether git would take the full ref name (`refs/heads/x`). https://git-scm.com/docs/git-check-ref-format */
export function isValidRef(ref: string): boolean {
  if (!ref.startsWith('refs/') || ref.endsWith('.') || /\.\.|@\{|[\s\p{Cc}~^:?*[\\]/u.test(ref)) return false;
  return ref.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** Cheap check before a name is looked up: what passes is never an option, a pattern or a revision expression. */
function looksLikeRef(name: string): boolean {
  if (name === '' || name.startsWith('-') || name.includes('..') || name.includes('@{')) return false;
  return !/[\s\p{Cc}~^:?*[\\]/u.test(name);
}

async function peelToCommit(gitDir: string, name: string): Promise<string | null> {
  return (await describeObject(gitDir, `${name}^{commit}`))?.sha ?? null;
}

/** The object that a full ref names (a tag object is not peeled), or null. */
export async function refTarget(gitDir: string, ref: string): Promise<string | null> {
  if (!looksLikeRef(ref) || !ref.startsWith('refs/')) return null;
  return (await describeObject(gitDir, ref))?.sha ?? null;
}

/**
 * The commit that a name stands for, or null: a full or short SHA, a branch, a tag (peeled),
 * `heads/x`, `tags/x`, `refs/pull/1/head`, `HEAD`. Revision expressions such as `main~1` name nothing.
 */
export async function resolveRef(gitDir: string, ref: string): Promise<string | null> {
  if (isSha(ref)) return peelToCommit(gitDir, ref);
  if (ref === 'HEAD') return peelToCommit(gitDir, 'HEAD');
  if (!looksLikeRef(ref)) return null;
  const names = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`, `refs/${ref}`];
  for (const name of names) {
    const sha = await peelToCommit(gitDir, name);
    if (sha !== null) return sha;
  }
  return /^[0-9a-f]{7,39}$/.test(ref) ? peelToCommit(gitDir, ref) : null;
}

/** A ref that is to be at `newSha` (null: gone). `oldSha` null means "must not exist", undefined means "whatever". */
export interface RefUpdate {
  ref: string;
  newSha: string | null;
  oldSha?: string | null;
}

/**
 * Moves, creates or deletes a ref, by compare-and-swap. False when git refused (moved meanwhile, a directory of
 * that name, no such object).
 * @throws Error for a malformed ref name.
 */
export async function updateRef(
  gitDir: string,
  ref: string,
  newSha: string | null,
  oldSha?: string | null,
): Promise<boolean> {
  return updateRefs(gitDir, [{ ref, newSha, oldSha }]);
}

/**
 * Moves all of the refs or, answering false, none.
 * @throws Error for a malformed ref name.
 */
export async function updateRefs(gitDir: string, updates: RefUpdate[]): Promise<boolean> {
  const changes = updates.map(changeLine).join('');
  const kept = ['update-ref', '--no-deref', '--stdin'];
  const moved = await askGit(gitDir, kept, `start\n${changes}prepare\ncommit\n`, 'commit: ok\n').then(
    () => true,
    () => false,
  );
  // A process that ran for a while may know refs that are gone: a new one has the last word.
  return moved || (await updateRefsOnce(gitDir, changes));
}

function changeLine({ ref, newSha, oldSha }: RefUpdate): string {
  if (!isValidRef(ref)) throw new Error(`not a valid ref name: ${JSON.stringify(ref)}`);
  const old = oldSha === undefined ? '' : ` ${oldSha ?? ZERO_SHA}`;
  return newSha === null ? `delete ${ref}${old}\n` : `update ${ref} ${newSha}${old}\n`;
}

async function updateRefsOnce(gitDir: string, changes: string): Promise<boolean> {
  const options = { input: changes, expect: [0, 1, 128] };
  return (await runGit(gitDir, ['update-ref', '--no-deref', '--stdin'], options)).code === 0;
}

/** Refs whose full name starts with the prefix (`refs/heads/`, also `refs/heads/fea`), with the object they name. */
export async function listRefs(gitDir: string, prefix: string): Promise<{ ref: string; sha: string }[]> {
  if (!looksLikeRef(prefix)) return [];
  const folder = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0)) || 'refs';
  return readRefs(gitDir, folder).filter((entry) => entry.ref.startsWith(prefix));
}

/**
 * Fetches a refspec of another bare repository into this one (forks).
 * @throws GitError when the other repository has no such ref.
 */
export async function fetchFrom(gitDir: string, otherGitDir: string, refspec: string): Promise<void> {
  await runGit(gitDir, [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--end-of-options',
    otherGitDir,
    refspec,
  ]);
}
