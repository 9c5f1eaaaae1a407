import type { SandboxContext } from './context.ts';
import { readCommit, updateRef } from './git.ts';
import { writeMerge } from './merge.ts';
import { commitPayload } from './push.ts';
import type { PullRequest, Repository, User } from './state.ts';
import type { MergeGroup, MergeMethod, QueueEntry } from './state-protection.ts';

const BOT = 'github-merge-queue[bot]';

/** GitHub's own App, which writes the branches of queues and merges what passed. */
export function queueBot(sandbox: SandboxContext): User {
  const { users } = sandbox.state;
  const bot = users.get(BOT) ?? { id: sandbox.nextId(), login: BOT, type: 'Bot', tokens: [] };
  users.set(BOT, bot);
  return bot;
}

/**
 * Makes the commit that would be the new base, on a branch of its own, and asks for checks on it:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
 * @returns null when it conflicts.
 */
export async function requestGroup(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  input: { entry: QueueEntry; baseSha: string; method: MergeMethod },
): Promise<MergeGroup | null> {
  const { entry, baseSha, method } = input;
  const merger = sandbox.state.users.get(entry.enqueuedBy) ?? queueBot(sandbox);
  const headSha = await writeMerge(sandbox, repository, pull, { method, base: baseSha, merger });
  if (headSha === null) return null;
  const ref = `refs/heads/gh-readonly-queue/${pull.baseRef}/pr-${pull.number}-${baseSha}`;
  await updateRef(repository.gitDir, ref, headSha);
  const group = { ref, headSha, baseSha, requestedAtMs: sandbox.now() };
  entry.group = group;
  const pusher = queueBot(sandbox);
  await sandbox.refChanged(repository, { ref, before: null, after: headSha, pusher });
  await emitGroup(sandbox, repository, pull, group, { action: 'checks_requested' });
  return group;
}

/** Takes the branch of a group away and says why: merged, taken out of the queue, or behind one that was. */
export async function destroyGroup(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  entry: QueueEntry,
  reason: 'merged' | 'invalidated' | 'dequeued',
): Promise<void> {
  const { group } = entry;
  if (group === null) return;
  entry.group = null;
  await emitGroup(sandbox, repository, pull, group, { action: 'destroyed', reason });
  const { ref, headSha } = group;
  if (await updateRef(repository.gitDir, ref, null, headSha))
    await sandbox.refChanged(repository, { ref, before: headSha, after: null, pusher: queueBot(sandbox) });
}

async function emitGroup(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  group: MergeGroup,
  event: { action: 'checks_requested' | 'destroyed'; reason?: string },
): Promise<void> {
  const { id, tree_id, message, timestamp, author, committer } = commitPayload(
    sandbox,
    repository,
    await readCommit(repository.gitDir, group.headSha),
    { added: [], removed: [], modified: [] },
  );
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  sandbox.emit('merge_group', {
    repository,
    sender: queueBot(sandbox),
    action: event.action,
    payload: {
      ...(event.reason === undefined ? {} : { reason: event.reason }),
      merge_group: {
        head_sha: group.headSha,
        head_ref: group.ref,
        base_sha: group.baseSha,
        base_ref: `refs/heads/${pull.baseRef}`,
        head_commit: {
          id,
          tree_id,
          message,
          timestamp,
          author: person(author),
          committer: person(committer),
        },
      },
    },
  });
}
