import type { TreeEntry } from '../promotion/ports/git.ts';
import type { Client } from './client.ts';
import type { RepositoryContext } from './repository-context.ts';

/** A tree with all that is below it. Where GitHub cuts the answer short, each folder is read by itself. */
export async function readWholeTree(
  context: Pick<RepositoryContext, 'client' | 'owner' | 'name'>,
  sha: string,
  prefix: string,
): Promise<TreeEntry[]> {
  const { client, owner, name } = context;
  const repo = { owner, repo: name, tree_sha: sha };
  const { data } = await client.rest.git.getTree({ ...repo, recursive: '1' });
  if (!data.truncated) return data.tree.map((entry) => toEntry(entry, prefix));
  const { data: flat } = await client.rest.git.getTree(repo);
  if (flat.truncated)
    throw new Error(`GitHub gives only a part of the folder ${prefix || '/'}: it has too many files`);
  const entries: TreeEntry[] = [];
  for (const raw of flat.tree) {
    const entry = toEntry(raw, prefix);
    entries.push(entry);
    if (entry.type === 'tree') entries.push(...(await readWholeTree(context, entry.sha, `${entry.path}/`)));
  }
  return entries;
}

type RawEntry = Awaited<ReturnType<Client['rest']['git']['getTree']>>['data']['tree'][number];

function toEntry({ path, mode, type, sha, size }: RawEntry, prefix: string): TreeEntry {
  if (type !== 'blob' && type !== 'tree' && type !== 'commit')
    throw new Error(`GitHub lists ${path} as a ${type}`);
  return { path: `${prefix}${path}`, mode, type, sha, sizeBytes: size ?? 0 };
}
