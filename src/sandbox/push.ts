import type { RefChange, SandboxContext } from './context.ts';
import { type GitCommit, isAncestor, log, readCommit, resolveRef } from './git.ts';
import { repositoryJson, userByEmail } from './json.ts';
import { gitText, ZERO_SHA } from './run-git.ts';
import type { Repository } from './state.ts';

/** GitHub lists at most so many commits: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
const MAX_COMMITS = 2048;

/** Tells the world that a ref moved: `create`, `delete`, `push`, and then whoever follows refs. */
export async function announceRefChange(
  sandbox: SandboxContext,
  repository: Repository,
  change: RefChange,
): Promise<void> {
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
  const asJson = (commit: GitCommit, paths: Paths) => commitPayload(sandbox, repository, commit, paths);
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
      default_branch: repository.defaultBranch,
      master_branch: repository.defaultBranch,
    },
  };
}

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

interface Paths {
  added: string[];
  removed: string[];
  modified: string[];
}

/** Paths that each commit changed against its first parent, by one git process for all. */
async function changedPaths(repository: Repository, commits: GitCommit[]): Promise<Map<string, Paths>> {
  const result = new Map<string, Paths>();
  if (commits.length === 0) return result;
  const input = commits.map((commit) => [commit.sha, ...commit.parents.slice(0, 1)].join(' ')).join('\n');
  const args = ['diff-tree', '--stdin', '-r', '-z', '--root', '--no-renames', '--name-status'];
  const parts = (await gitText(repository.gitDir, args, { input: `${input}\n` })).split('\0');
  let paths: Paths = { added: [], removed: [], modified: [] };
  for (let at = 0; at < parts.length; at++) {
    const part = (parts[at] ?? '').trim();
    if (/^[0-9a-f]{40}$/.test(part)) {
      paths = { added: [], removed: [], modified: [] };
      result.set(part, paths);
    } else if (part !== '') {
      const list = part === 'A' ? paths.added : part === 'D' ? paths.removed : paths.modified;
      list.push(parts[++at] ?? '');
    }
  }
  return result;
}

function commitPayload(sandbox: SandboxContext, repository: Repository, commit: GitCommit, paths: Paths) {
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
