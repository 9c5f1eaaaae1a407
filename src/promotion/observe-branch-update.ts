import { createHash } from 'node:crypto';
import type { Promotion } from '../domain/promotion.ts';
import type { Settings } from '../domain/settings.ts';
import { editFiles } from './edit-files.ts';
import { type FoundPromotion, readTrailers } from './observe-pulls.ts';
import type { FileEdit, RepositoryReader } from './ports.ts';
import type { Base, Target } from './snapshot.ts';

/**
 * A promotion whose head GitHub's button "Update branch" made: a merge of Sluice's commit and the base. It brings
 * nothing of its own when it is, file by file, what Sluice would make of that base now; then Sluice goes on from
 * there. Any other merge may hold what a person wrote, and stays foreign.
 */
export async function adoptBranchUpdate(
  reader: RepositoryReader,
  base: Base,
  settings: Settings,
  target: Target,
  promotion: Promotion,
  found: FoundPromotion,
): Promise<FoundPromotion> {
  const { head, pull } = found;
  const [before, onto] = head.parents;
  const isMerge = head.parents.length === 2 && head.committerLogin === 'web-flow' && onto === base.commit.sha;
  if (found.trailers || !isMerge) return found;
  const trailers = readTrailers(await reader.readCommit(before!), pull.branch);
  const edited = trailers ? editFiles(base, settings, target, promotion.changes) : null;
  if (!edited?.ok) return found;
  const tree = await reader.readTree(head.treeSha);
  const merged = new Map(tree.filter(({ type }) => type !== 'tree').map(({ path, sha }) => [path, sha]));
  const planned = new Map([...base.files].map(([path, { sha }]) => [path, sha]));
  for (const edit of edited.files) applyEdit(planned, edit);
  const isSame =
    merged.size === planned.size && [...merged].every(([path, sha]) => planned.get(path) === sha);
  return isSame ? { ...found, trailers } : found;
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
