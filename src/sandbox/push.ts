import { recordActivity } from './activity.ts';
import type { RefChange, SandboxContext } from './context.ts';
import { type GitCommit, isAncestor, log, readCommit, resolveRef } from './git.ts';
import { type ChangedPaths, diffTrees } from './git-trees.ts';
import { repositoryJson, userByEmail } from './json.ts';
import { timestamp } from './route-input.ts';
import { ZERO_SHA } from './run-git.ts';
import type { Repository } from './state.ts';

/** GitHub lists at most so many commits: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
const MAX_COMMITS = 2048;

/** Tells the world that a ref moved: `create`, `delete`, `push`, and then whoever follows refs. */
export async function announceRefChange(
  sandbox: SandboxContext,
  repository: Repository,
  change: RefChange,
): Promise<void> {
  repository.pushedAt = timestamp(sandbox);
  repository.isEmpty = false;
  await recordActivity(sandbox, repository, change);
  if (/^refs\/(heads|tags)\//.test(change.ref)) {
    emitCreateOrDelete(sandbox, repository, change);
    const payload = await pushPayload(sandbox, repository, change);
    sandbox.emit('push', { repository, sender: change.pusher, payload });
  }
  for (const follow of sandbox.onRefChanged) await follow(repository, change);
}

function emitCreateOrDelete(sandbox: SandboxContext, repository: Repository, change: RefChange): void {
  if (change.before !== null && change.after !== null) return;
  const isBranch = change.ref.startsWith('refs/heads/');
  const payload = {
    ref: change.ref.replace(/^refs\/(heads|tags)\//, ''),
    ref_type: isBranch ? 'branch' : 'tag',
    pusher_type: 'user',
    ...(change.before === null
      ? { full_ref: change.ref, master_branch: repository.defaultBranch, description: null }
      : {}),
  };
  sandbox.emit(change.before === null ? 'create' : 'delete', { repository, sender: change.pusher, payload });
}

async function pushPayload(sandbox: SandboxContext, repository: Repository, change: RefChange) {
  const { ref, before, after, pusher } = change;
  const page = `${sandbox.url()}/${repository.fullName}`;
  const head = after === null ? null : await resolveRef(repository.gitDir, after);
  const forced = before !== null && head !== null && !(await isForward(repository, before, head));
  const commits =
    ref.startsWith('refs/heads/') && head !== null ? await pushed(repository, change, head) : [];
  const changes = await changedPaths(repository, commits);
  const asJson = (commit: GitCommit, paths: ChangedPaths) =>
    commitPayload(sandbox, repository, commit, paths);
  const noPaths = { added: [], removed: [], modified: [] };
  const json = commits.map((commit) => asJson(commit, changes.get(commit.sha) ?? noPaths));
  const headCommit = head === null ? null : await readCommit(repository.gitDir, head);
  return {
    ref,
    before: before ?? ZERO_SHA,
    after: after ?? ZERO_SHA,
    created: before === null,
    deleted: after === null,
    forced,
    base_ref: null,
    compare:
      before === null ? `${page}/compare/${after}` : `${page}/compare/${before}...${after ?? ZERO_SHA}`,
    commits: json,
    head_commit: json.find((commit) => commit.id === head) ?? (headCommit && asJson(headCommit, noPaths)),
    pusher: { name: pusher.login, email: `${pusher.id}+${pusher.login}@users.noreply.github.com` },
    repository: {
      ...repositoryJson(sandbox, repository),
      // Here alone they are numbers: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
      created_at: secondsOf(repository.createdAt),
      pushed_at: secondsOf(repository.pushedAt),
      default_branch: repository.defaultBranch,
      master_branch: repository.defaultBranch,
    },
  };
}

const secondsOf = (time: string) => Math.floor(Date.parse(time) / 1000);

async function isForward(repository: Repository, before: string, after: string): Promise<boolean> {
  const old = await resolveRef(repository.gitDir, before);
  return old !== null && isAncestor(repository.gitDir, old, after);
}

/** The commits that a push brought to a branch, oldest first; for a new branch what the default branch has not. */
async function pushed(repository: Repository, change: RefChange, head: string): Promise<GitCommit[]> {
  const isDefault = change.ref === `refs/heads/${repository.defaultBranch}`;
  const known =
    change.before ?? (isDefault ? null : await resolveRef(repository.gitDir, repository.defaultBranch));
  const commits = await log(repository.gitDir, {
    include: head,
    exclude: known ?? undefined,
    limit: MAX_COMMITS,
  });
  return commits.reverse();
}

/** Paths that each commit changed against its first parent. */
async function changedPaths(
  repository: Repository,
  commits: GitCommit[],
): Promise<Map<string, ChangedPaths>> {
  const { gitDir } = repository;
  const result = new Map<string, ChangedPaths>();
  for (const { sha, tree, parents } of commits) {
    const before = parents[0] === undefined ? null : (await readCommit(gitDir, parents[0])).tree;
    result.set(sha, await diffTrees(gitDir, before, tree));
  }
  return result;
}

/** A commit as the payloads of `push` and `merge_group` have it. */
export function commitPayload(
  sandbox: SandboxContext,
  repository: Repository,
  commit: GitCommit,
  paths: ChangedPaths,
) {
  const person = ({ name, email, date }: GitCommit['author']) => {
    const user = userByEmail(sandbox, email);
    return { name, email, date, ...(user === null ? {} : { username: user.login }) };
  };
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${sandbox.url()}/${repository.fullName}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    ...paths,
  };
}
