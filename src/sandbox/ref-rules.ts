import { GitHubError } from './errors.ts';
import { isAncestor, isValidRef, objectType, resolveRef } from './git.ts';
import type { Repository } from './state.ts';

/** @throws GitHubError for a name that is none, or that is not below `refs/heads/`, `refs/tags/`... */
export function checkRefName(ref: string): void {
  if (ref.split('/').length < 3 || !isValidRef(ref))
    throw new GitHubError(422, `${ref} is not a valid ref name.`);
}

/** @throws GitHubError for a ref that nobody may write, or not delete. */
export function checkWritable(repository: Repository, ref: string, after: string | null): void {
  if (ref.startsWith('refs/pull/')) throw new GitHubError(422, 'Reference cannot be updated');
  if (after === null && ref === `refs/heads/${repository.defaultBranch}`) {
    throw new GitHubError(422, 'Cannot delete the default branch');
  }
}

/** @throws GitHubError when a ref cannot name the object. */
export async function checkObject(repository: Repository, ref: string, sha: string): Promise<void> {
  const type = await objectType(repository.gitDir, sha);
  if (type === null) throw new GitHubError(422, 'Object does not exist');
  if (ref.startsWith('refs/heads/') && type !== 'commit') {
    throw new GitHubError(422, 'Reference update failed');
  }
}

/** @throws GitHubError when the new commit does not have the old one among its ancestors. */
export async function checkFastForward(repository: Repository, before: string, after: string): Promise<void> {
  const old = await resolveRef(repository.gitDir, before);
  const next = await resolveRef(repository.gitDir, after);
  if (old !== null && next !== null && (await isAncestor(repository.gitDir, old, next))) return;
  throw new GitHubError(422, 'Update is not a fast forward');
}
