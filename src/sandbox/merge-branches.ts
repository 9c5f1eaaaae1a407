import type { SandboxContext } from './context.ts';
import { createCommit, isAncestor, mergeTree } from './git.ts';
import { timestamp } from './route-input.ts';
import type { Repository, User } from './state.ts';
import { noreplyOf } from './write-commit.ts';

export type BranchMerge = { kind: 'merged'; sha: string } | { kind: 'nothing' } | { kind: 'conflict' };

/** Writes a merge of one commit into another, signed by GitHub. No ref moves. Both must be in the repository. */
export async function mergeCommits(
  sandbox: SandboxContext,
  repository: Repository,
  input: { into: string; from: string; message: string; user: User },
): Promise<BranchMerge> {
  const { into, from, message, user } = input;
  if (await isAncestor(repository.gitDir, from, into)) return { kind: 'nothing' };
  const merged = await mergeTree(repository.gitDir, into, from);
  if (!merged.clean) return { kind: 'conflict' };
  const date = timestamp(sandbox);
  const sha = await createCommit(repository.gitDir, {
    tree: merged.tree,
    parents: [into, from],
    message,
    author: noreplyOf(user, date),
    committer: { name: 'GitHub', email: 'noreply@github.com', date },
  });
  sandbox.state.signedCommits.add(sha);
  return { kind: 'merged', sha };
}
