import type { RepositoryReader } from '../ports/repository.ts';
import type { Base } from '../snapshot.ts';

/** Reads the default branch at its tip; null when the repository is empty. */
export async function observeBase(reader: RepositoryReader): Promise<Base | null> {
  const tip = await reader.readDefaultTip();
  if (!tip) return null;
  const { branch, commit } = tip;
  const tree = await reader.readTree(commit.treeSha);
  const files = new Map(tree.filter(({ type }) => type !== 'tree').map((entry) => [entry.path, entry]));
  return { repository: reader.fullName, branch, commit, tree, files };
}
