import type { RepositoryReader } from './ports.ts';
import type { Base } from './snapshot.ts';

/** Reads the default branch at its tip; null when the repository is empty. */
export async function observeBase(reader: RepositoryReader): Promise<Base | null> {
  const branch = await reader.readDefaultBranch();
  const commit = await reader.readTip(branch);
  if (!commit) return null;
  const tree = await reader.readTree(commit.treeSha);
  const files = new Map(tree.filter(({ type }) => type !== 'tree').map((entry) => [entry.path, entry]));
  return { repository: reader.fullName, branch, commit, tree, files };
}
