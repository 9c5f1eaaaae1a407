import { dirname, join } from 'node:path';
import { announceRepository } from './accounts.ts';
import { recordActivity } from './activity.ts';
import { initBareRepository } from './bare-repository.ts';
import type { SandboxContext } from './context.ts';
import { GitHubError } from './errors.ts';
import { fetchFrom, listRefs } from './git.ts';
import { emptyRepository } from './new-repository.ts';
import type { Repository, User } from './state.ts';

/**
 * A copy of a repository with its history, which belongs to another account. Who has one already gets that one.
 * GitHub makes it a little later; here it is there when this ends.
 */
export async function forkRepository(
  sandbox: SandboxContext,
  source: Repository,
  wish: { owner: string; name?: string; defaultBranchOnly: boolean; user: User },
): Promise<{ fork: Repository; isNew: boolean }> {
  const all = [...sandbox.state.repositories.values()];
  const known = all.find((one) => one.owner === wish.owner && one.forkOf === source.fullName);
  if (known) return { fork: known, isNew: false };
  const name = freeName(sandbox, wish.owner, wish.name ?? source.name);
  const { private: isPrivate, defaultBranch } = source;
  const input = { owner: wish.owner, name, private: isPrivate, defaultBranch, files: {} };
  const gitDir = join(dirname(source.gitDir), `${wish.owner}+${name}.git`);
  const fork = { ...emptyRepository(sandbox, input, gitDir), forkOf: source.fullName };
  await initBareRepository(gitDir, defaultBranch);
  const heads = wish.defaultBranchOnly ? `refs/heads/${defaultBranch}` : 'refs/heads/*';
  await fetchFrom(gitDir, source.gitDir, `${heads}:${heads}`);
  if (!wish.defaultBranchOnly) await fetchFrom(gitDir, source.gitDir, 'refs/tags/*:refs/tags/*');
  for (const { ref, sha } of await listRefs(gitDir, 'refs/heads/'))
    await recordActivity(sandbox, fork, { ref, before: null, after: sha, pusher: wish.user });
  sandbox.state.repositories.set(fork.fullName, fork);
  announceRepository(sandbox, fork);
  return { fork, isNew: true };
}

/** A name that the account has for something else gets a number. */
function freeName(sandbox: SandboxContext, owner: string, wish: string): string {
  if (!/^[\w.-]+$/.test(wish)) throw new GitHubError(422, 'name is not a valid repository name');
  for (let count = 0; ; count++) {
    const name = count === 0 ? wish : `${wish}-${count}`;
    if (!sandbox.state.repositories.has(`${owner}/${name}`)) return name;
  }
}
