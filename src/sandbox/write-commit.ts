import { actingUser } from './access.ts';
import type { RouteContext, SandboxContext } from './context.ts';
import { createCommit, type GitPerson } from './git.ts';
import { timestamp } from './route-input.ts';
import type { Repository, User } from './state.ts';

export interface PersonInput {
  name: string;
  email: string;
  date?: string;
}

export interface CommitInput {
  message: string;
  tree: string;
  parents: string[];
  author?: PersonInput;
  committer?: PersonInput;
}

/** A user as the author of a commit, with the address that GitHub gives everyone. */
export function noreplyOf(user: User, date: string): GitPerson {
  return { name: user.login, email: `${user.id}+${user.login}@users.noreply.github.com`, date };
}

/**
 * Writes the commit that somebody asks for over the API. GitHub signs what an App commits in its own name:
 * https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots
 */
export async function writeCommit(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  input: CommitInput,
): Promise<string> {
  const date = timestamp(sandbox);
  const own = noreplyOf(actingUser(c), date);
  const signs = c.get('actor').kind === 'installation' && !input.author && !input.committer;
  const author = input.author ? { date, ...input.author } : own;
  const committer = signs
    ? { name: 'GitHub', email: 'noreply@github.com', date }
    : input.committer
      ? { date, ...input.committer }
      : author;
  const { message, tree, parents } = input;
  const sha = await createCommit(repository.gitDir, { message, tree, parents, author, committer });
  if (signs) sandbox.state.signedCommits.add(sha);
  return sha;
}
