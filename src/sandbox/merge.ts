import type { SandboxContext } from './context.ts';
import { createCommit, type GitCommit, type GitPerson, mergeTree, readCommit } from './git.ts';
import { issueOf, pullCommits } from './pull-git.ts';
import { timestamp } from './route-input.ts';
import type { PullRequest, Repository, User } from './state.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

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
      : await squashMessage(sandbox, repository, pull, request),
    author: personOf(sandbox, author, now),
    committer: { name: 'GitHub', email: 'noreply@github.com', date: now },
  });
  sandbox.state.signedCommits.add(sha);
  return sha;
}

/** A user as the author of a commit that GitHub makes. */
function personOf(sandbox: SandboxContext, login: string, date: string): GitPerson {
  const id = sandbox.state.users.get(login)?.id;
  return { name: login, email: `${id === undefined ? '' : `${id}+`}${login}@users.noreply.github.com`, date };
}

function compose(title: string, body: string): string {
  return body.trim() === '' ? title : `${title}\n\n${body}`;
}

function mergeMessage(repository: Repository, pull: PullRequest, request: MergeRequest): string {
  const [owner] = pull.headRepository.split('/');
  const title = request.title ?? `Merge pull request #${pull.number} from ${owner}/${pull.headRef}`;
  return compose(title, request.message ?? issueOf(repository, pull).title);
}

/** https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges#merge-message-for-a-squash-merge */
async function squashMessage(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  request: MergeRequest,
): Promise<string> {
  const commits = await pullCommits(repository, pull);
  const only = commits.length === 1 ? commits[0] : undefined;
  const [subject = '', ...rest] = (only?.message ?? '').split('\n');
  const title = request.title ?? `${only ? subject : issueOf(repository, pull).title} (#${pull.number})`;
  if (request.message !== undefined) return compose(title, request.message);
  const body = only ? rest.join('\n').trim() : commits.map((commit) => `* ${commit.message}`).join('\n\n');
  const author = personOf(sandbox, issueOf(repository, pull).user, '').email;
  return compose(title, [body, coAuthors(commits, author, body)].filter((part) => part !== '').join('\n\n'));
}

function coAuthors(commits: GitCommit[], author: string, body: string): string {
  const lines = commits
    .filter((commit) => commit.author.email !== author)
    .map((commit) => `Co-authored-by: ${commit.author.name} <${commit.author.email}>`);
  return [...new Set(lines)].filter((line) => !body.includes(line)).join('\n');
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
