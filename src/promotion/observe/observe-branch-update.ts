import { createHash } from 'node:crypto';
import type { Commit, FileEdit } from '../ports/git.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base, FoundPromotion } from '../snapshot.ts';
import { readPlanned } from './observe-pulls.ts';

/**
 * A promotion whose head GitHub's button "Update branch" made: a merge of Sluice's commit and the base. It brings
 * nothing of its own when it is, file by file, what Sluice would make of that base now; then Sluice goes on from
 * there. Any other merge may hold what a person wrote, and stays foreign. `editsOf` gives what is due now of what a
 * head carries; null when that cannot be told.
 */
export async function adoptBranchUpdate(
  reader: RepositoryReader,
  base: Base,
  found: FoundPromotion,
  editsOf: (planned: Pick<FoundPromotion, 'trailers' | 'group'>) => readonly FileEdit[] | null,
): Promise<FoundPromotion> {
  const { head, pull } = found;
  const [before, onto] = head.parents;
  const isMerge = isBranchUpdate(head) && onto === base.commit.sha;
  if (found.trailers || found.group || !isMerge) return found;
  const planned = readPlanned(await reader.readCommit(before!), pull.branch);
  const edits = planned.trailers || planned.group ? editsOf(planned) : null;
  if (!edits) return found;
  const tree = await reader.readTree(head.treeSha);
  const merged = new Map(tree.filter(({ type }) => type !== 'tree').map(({ path, sha }) => [path, sha]));
  const wanted = new Map([...base.files].map(([path, { sha }]) => [path, sha]));
  for (const edit of edits) applyEdit(wanted, edit);
  const isSame = merged.size === wanted.size && [...merged].every(([path, sha]) => wanted.get(path) === sha);
  return isSame ? { ...found, ...planned } : found;
}

/** Whether GitHub's button "Update branch" may have made it, or a person who merged there. */
export function isBranchUpdate({ parents, committerLogin }: Commit): boolean {
  return parents.length === 2 && committerLogin === 'web-flow';
}

function applyEdit(files: Map<string, string>, edit: FileEdit): void {
  if ('deleted' in edit) files.delete(edit.path);
  else files.set(edit.path, 'sha' in edit ? edit.sha : blobSha(edit.content));
}

/** https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_object_storage */
function blobSha(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
