import { gitText, runGit, ZERO_SHA } from './run-git.ts';

/** Whether the text is a full object name. */
export function isSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** Whether git would take the full ref name (`refs/heads/x`). https://git-scm.com/docs/git-check-ref-format */
export async function isValidRef(gitDir: string, ref: string): Promise<boolean> {
  if (!ref.startsWith('refs/') || ref.includes('\0')) return false;
  return (await runGit(gitDir, ['check-ref-format', ref], { expect: [0, 1] })).code === 0;
}

/** Cheap check before a name is looked up: what passes is never an option, a pattern or a revision expression. */
function looksLikeRef(name: string): boolean {
  if (name === '' || name.startsWith('-') || name.includes('..') || name.includes('@{')) return false;
  return !/[\s\p{Cc}~^:?*[\\]/u.test(name);
}

async function peelToCommit(gitDir: string, sha: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${sha}^{commit}`];
  const { code, stdout } = await runGit(gitDir, args, { expect: [0, 1, 128] });
  return code === 0 ? stdout.toString('utf8').trim() : null;
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
  const format = '--format=%(objectname) %(*objectname) %(refname)';
  const listed = await gitText(gitDir, ['for-each-ref', format, ...names]);
  for (const name of names) {
    const line = listed.split('\n').find((text) => text.endsWith(` ${name}`));
    if (line !== undefined) {
      const [object = '', peeled = ''] = line.split(' ');
      return peeled || object;
    }
  }
  return /^[0-9a-f]{7,39}$/.test(ref) ? peelToCommit(gitDir, ref) : null;
}

/**
 * Moves, creates or deletes a ref. Compare-and-swap: `oldSha` null means "must not exist", undefined means
 * "whatever"; `newSha` null deletes. False when git refused (moved meanwhile, a directory of that name, no such object).
 * @throws Error for a malformed ref name.
 */
export async function updateRef(
  gitDir: string,
  ref: string,
  newSha: string | null,
  oldSha?: string | null,
): Promise<boolean> {
  if (!(await isValidRef(gitDir, ref))) throw new Error(`not a valid ref name: ${JSON.stringify(ref)}`);
  const old = oldSha === undefined ? [] : [oldSha ?? ZERO_SHA];
  const args =
    newSha === null
      ? ['update-ref', '--no-deref', '-d', ref, ...old]
      : ['update-ref', '--no-deref', ref, newSha, ...old];
  return (await runGit(gitDir, args, { expect: [0, 1, 128] })).code === 0;
}

/** Refs whose full name starts with the prefix (`refs/heads/`, also `refs/heads/fea`), with the object they name. */
export async function listRefs(gitDir: string, prefix: string): Promise<{ ref: string; sha: string }[]> {
  if (!looksLikeRef(prefix)) return [];
  const folder = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0)) || 'refs';
  const text = await gitText(gitDir, ['for-each-ref', '--format=%(objectname) %(refname)', folder]);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ sha: line.slice(0, 40), ref: line.slice(41) }))
    .filter((entry) => entry.ref.startsWith(prefix));
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
