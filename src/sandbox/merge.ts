import type { SandboxContext } from './context.ts';
import { createCommit, type GitCommit, type GitPerson, mergeTree, readCommit } from './git.ts';
import { mergeMessage, squashMessage } from './merge-message.ts';
import { issueOf, pullCommits } from './pull-git.ts';
import { timestamp } from './route-input.ts';
import type { PullRequest, Repository, User } from './state.ts';
import type { MergeMethod } from './state-protection.ts';

export interface MergeRequest {
  method: MergeMethod;
  /** Tip of the base branch that the result is computed against. */
  base: string;
  title?: string;
  message?: string;
  merger: User;
}

/** Writes the commits of a merge and gives the new tip of the base; null when it conflicts. No ref moves. */
export async function writeMerge(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  request: MergeRequest,
): Promise<string | null> {
  if (request.method === 'rebase') return rebase(sandbox, repository, pull, request);
  const merged = await mergeTree(repository.gitDir, request.base, pull.headSha);
  if (!merged.clean) return null;
  const isMerge = request.method === 'merge';
  const now = timestamp(sandbox);
  const author = isMerge ? request.merger.login : issueOf(repository, pull).user;
  const sha = await createCommit(repository.gitDir, {
    tree: merged.tree,
    parents: isMerge ? [request.base, pull.headSha] : [request.base],
    message: isMerge
      ? mergeMessage(repository, pull, request)
      : await squashMessage(repository, pull, request, noreplyOf(sandbox, author)),
    author: personOf(sandbox, author, now),
    committer: { name: 'GitHub', email: 'noreply@github.com', date: now },
  });
  sandbox.state.signedCommits.add(sha);
  return sha;
}

/** A user as the author of a commit that GitHub makes. */
function personOf(sandbox: SandboxContext, login: string, date: string): GitPerson {
  return { name: login, email: noreplyOf(sandbox, login), date };
}

/** https://docs.github.com/en/account-and-profile/reference/email-addresses-reference#your-noreply-email-address */
function noreplyOf(sandbox: SandboxContext, login: string): string {
  const id = sandbox.state.users.get(login)?.id;
  return `${id === undefined ? '' : `${id}+`}${login}@users.noreply.github.com`;
}

/** Each commit again on top of the base; null when one of them conflicts. GitHub does not sign these. */
async function rebase(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  request: MergeRequest,
): Promise<string | null> {
  const { gitDir } = repository;
  let tip = await readCommit(gitDir, request.base);
  for (const commit of await pullCommits(repository, pull)) {
    const [parent] = commit.parents;
    if (commit.parents.length > 1) continue;
    if (parent === undefined) return null;
    const tree = await applyOnto(gitDir, parent, tip.tree, commit);
    if (tree === null) return null;
    if (tree === tip.tree) continue;
    const committer = personOf(sandbox, request.merger.login, timestamp(sandbox));
    const { message, author } = commit;
    tip = await readCommit(
      gitDir,
      await createCommit(gitDir, { tree, parents: [tip.sha], message, author, committer }),
    );
  }
  return tip.sha;
}

/**
 * The tree of `onto` with the change of one commit. The tree is put on the commit's own parent for the
 * merge, because `git merge-tree` takes no base of one's choice before git 2.40.
 */
async function applyOnto(
  gitDir: string,
  parent: string,
  onto: string,
  commit: GitCommit,
): Promise<string | null> {
  const { author, committer } = commit;
  const side = await createCommit(gitDir, {
    tree: onto,
    parents: [parent],
    message: 'onto',
    author,
    committer,
  });
  const merged = await mergeTree(gitDir, side, commit.sha);
  return merged.clean ? merged.tree : null;
}
