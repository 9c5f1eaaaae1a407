import { branchRules, queueOf } from './branch-rules.ts';
import type { SandboxContext } from './context.ts';
import { mergeTree, resolveRef, updateRef } from './git.ts';
import { finishMerge } from './merge-pull.ts';
import { reasonsAgainst } from './mergeability.ts';
import { refusal } from './protection.ts';
import { baseTip, isOpen } from './pull-git.ts';
import { emitPull } from './pull-requests.ts';
import { destroyGroup, queueBot, requestGroup } from './queue-group.ts';
import { checksAt } from './required-checks.ts';
import { timestamp } from './route-input.ts';
import type { QueueDemand } from './rule-demands.ts';
import type { PullRequest, Repository, User } from './state.ts';
import type { QueueEntry } from './state-protection.ts';

/** Why a pull request left its queue: https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request */
export type DequeueReason =
  | 'UNKNOWN_REMOVAL_REASON'
  | 'MANUAL'
  | 'MERGE'
  | 'MERGE_CONFLICT'
  | 'CI_FAILURE'
  | 'CI_TIMEOUT'
  | 'QUEUE_CLEARED'
  | 'BRANCH_PROTECTIONS';

/** The entry of a pull request in the queue of its base, and its place from 1; null when it is in none. */
export function entryOf(
  repository: Repository,
  pull: PullRequest,
): { entry: QueueEntry; position: number } | null {
  const entries = repository.mergeQueues.get(pull.baseRef) ?? [];
  const index = entries.findIndex((one) => one.pullNumber === pull.number);
  const entry = entries[index];
  return entry ? { entry, position: index + 1 } : null;
}

/** Why a pull request cannot go into the queue of its base; null when it can. */
export async function queueRefusal(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Promise<string | null> {
  if (queueOf(sandbox, repository, pull.baseRef) === null)
    return 'Merge queue is not enabled for the base branch';
  if (entryOf(repository, pull)) return 'is already in the queue';
  if (!isOpen(repository, pull)) return 'is closed';
  if (pull.draft) return 'is a draft';
  if (!(await mergeTree(repository.gitDir, await baseTip(repository, pull), pull.headSha)).clean)
    return 'has merge conflicts';
  const reasons = await reasonsAgainst(sandbox, repository, pull, null);
  const open = reasons.filter((reason) => reason.kind !== 'queue' && reason.kind !== 'behind');
  return open.length === 0 ? null : refusal(open);
}

/** Puts a pull request into the queue of its base, at the end or as the next. Nothing is built yet. */
export async function enqueue(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  input: { user: User; jump: boolean },
): Promise<QueueEntry> {
  const entry: QueueEntry = {
    id: sandbox.nextId(),
    pullNumber: pull.number,
    enqueuedBy: input.user.login,
    enqueuedAt: timestamp(sandbox),
    pullHeadSha: pull.headSha,
    group: null,
  };
  const entries = repository.mergeQueues.get(pull.baseRef) ?? [];
  repository.mergeQueues.set(pull.baseRef, input.jump ? [entry, ...entries] : [...entries, entry]);
  await emitPull(sandbox, repository, pull, { action: 'enqueued', sender: input.user });
  return entry;
}

/** Takes an entry out; those behind it are built again without it. */
export async function dequeue(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  input: { reason: DequeueReason; sender?: User; base?: string },
): Promise<void> {
  const base = input.base ?? pull.baseRef;
  const entries = repository.mergeQueues.get(base) ?? [];
  const entry = entries.find((one) => one.pullNumber === pull.number);
  if (!entry) return;
  repository.mergeQueues.set(
    base,
    entries.filter((one) => one !== entry),
  );
  const { reason, sender = queueBot(sandbox) } = input;
  await emitPull(sandbox, repository, pull, { action: 'dequeued', sender, extra: { reason } });
  await destroyGroup(sandbox, repository, pull, entry, reason === 'MERGE' ? 'merged' : 'dequeued');
}

/**
 * One step of a queue: drops what cannot stay, builds what is not built, merges or drops the first.
 * @returns whether something changed, so that there may be another step.
 */
export async function advanceQueue(
  sandbox: SandboxContext,
  repository: Repository,
  base: string,
): Promise<boolean> {
  const entries = repository.mergeQueues.get(base) ?? [];
  if (entries.length === 0) return false;
  const demand = queueOf(sandbox, repository, base);
  for (const entry of entries) {
    const pull = repository.pulls.get(entry.pullNumber);
    const reason = pull && (await whyNotQueued(sandbox, repository, pull, { entry, base, demand }));
    if (pull && reason) {
      await dequeue(sandbox, repository, pull, { reason, base });
      return true;
    }
  }
  if (demand === null) return false;
  if (await buildGroups(sandbox, repository, base, demand)) return true;
  return settleFirst(sandbox, repository, base, demand);
}

async function whyNotQueued(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  { entry, base, demand }: { entry: QueueEntry; base: string; demand: QueueDemand | null },
): Promise<DequeueReason | null> {
  if (demand === null) return 'QUEUE_CLEARED';
  if (!isOpen(repository, pull)) return 'MANUAL';
  // The webhook has no reason of its own for a head or a base that somebody changed.
  if (pull.headSha !== entry.pullHeadSha || pull.baseRef !== base) return 'UNKNOWN_REMOVAL_REASON';
  const reasons = await reasonsAgainst(sandbox, repository, pull, null);
  const lost = reasons.some(({ kind }) => kind === 'reviews' || kind === 'conversations');
  return lost ? 'BRANCH_PROTECTIONS' : null;
}

/** Each entry is built on the one before it; whose ground moved is built again. */
async function buildGroups(
  sandbox: SandboxContext,
  repository: Repository,
  base: string,
  demand: QueueDemand,
): Promise<boolean> {
  let ground = await resolveRef(repository.gitDir, `refs/heads/${base}`);
  let changed = false;
  for (const entry of (repository.mergeQueues.get(base) ?? []).slice(0, demand.maxEntriesToBuild)) {
    const pull = repository.pulls.get(entry.pullNumber);
    if (!pull || ground === null) return changed;
    if (entry.group && entry.group.baseSha !== ground)
      await destroyGroup(sandbox, repository, pull, entry, 'invalidated');
    if (entry.group === null) {
      changed = true;
      const { method } = demand;
      const group = await requestGroup(sandbox, repository, pull, { entry, baseSha: ground, method });
      if (group === null) {
        await dequeue(sandbox, repository, pull, { reason: 'MERGE_CONFLICT' });
        return true;
      }
    }
    ground = entry.group?.headSha ?? null;
  }
  return changed;
}

/** Looks at the first entry that is decided: a failed one goes, a first one that passed is merged. */
async function settleFirst(
  sandbox: SandboxContext,
  repository: Repository,
  base: string,
  demand: QueueDemand,
): Promise<boolean> {
  const checks = branchRules(sandbox, repository, base).flatMap((rules) => rules.checks ?? []);
  const entries = repository.mergeQueues.get(base) ?? [];
  for (const [index, entry] of entries.entries()) {
    const pull = repository.pulls.get(entry.pullNumber);
    if (!pull || !entry.group) return false;
    const outcome = checksAt(repository, entry.group.headSha, checks);
    const late = outcome === 'waiting' && sandbox.now() - entry.group.requestedAtMs >= demand.timeoutMs;
    if (outcome === 'failed' || late) {
      await dequeue(sandbox, repository, pull, { reason: late ? 'CI_TIMEOUT' : 'CI_FAILURE' });
      return true;
    }
    if (index === 0 && outcome === 'satisfied') return mergeEntry(sandbox, repository, pull, entry);
  }
  return false;
}

/** Moves the base forward to exactly what was tested. */
async function mergeEntry(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  entry: QueueEntry,
): Promise<boolean> {
  const { group } = entry;
  if (group === null) return false;
  const { headSha: after, baseSha: before } = group;
  // The base moved meanwhile: the next step builds on what is there now.
  if (!(await updateRef(repository.gitDir, `refs/heads/${pull.baseRef}`, after, before))) return true;
  const user = queueBot(sandbox);
  await finishMerge(sandbox, repository, pull, { before, after, user, activity: 'merge_queue_merge' });
  await dequeue(sandbox, repository, pull, { reason: 'MERGE' });
  return true;
}
