import { queueOf } from '../branch-rules.ts';
import type { SandboxContext } from '../context.ts';
import { userJson } from '../json.ts';
import { entryOf } from '../merge-queue.ts';
import { mergeability } from '../mergeability.ts';
import { isOpen, issueOf } from '../pull-git.ts';
import { type ReviewThread, threadsOf } from '../review-threads.ts';
import { nodeId } from '../route-input.ts';
import type { PullRequest, Repository } from '../state.ts';
import type { QueueEntry } from '../state-protection.ts';
import { connection, type GraphObject } from './execute.ts';
import { issueObject } from './issue-mutations.ts';
import { listedFields, listPullObjects, stateOf } from './pull-list.ts';

/** https://docs.github.com/en/graphql/reference/interfaces#actor */
export function actorObject(sandbox: SandboxContext, login: string): GraphObject {
  const { login: name, type, node_id: id, html_url: url } = userJson(sandbox, login);
  // GraphQL names bots without `[bot]`, REST with it.
  const short = type === 'Bot' ? String(name).replace(/\[bot\]$/, '') : name;
  return { type: String(type), fields: { id, login: short, url } };
}

export function repositoryObject(sandbox: SandboxContext, repository: Repository): GraphObject {
  return {
    type: 'Repository',
    fields: {
      id: nodeId('Repository', repository.id),
      databaseId: repository.id,
      name: repository.name,
      nameWithOwner: repository.fullName,
      autoMergeAllowed: repository.allowAutoMerge === true,
      pullRequest: ({ number }: Record<string, unknown>) => {
        const pull = repository.pulls.get(Number(number));
        return pull ? pullObject(sandbox, repository, pull) : null;
      },
      pullRequests: (args: Record<string, unknown>) =>
        listPullObjects(repository, args, (pull) => pullObject(sandbox, repository, pull)),
      issue: ({ number }: Record<string, unknown>) => {
        const issue = repository.issues.get(Number(number));
        return issue && !issue.isPullRequest ? issueObject(sandbox, repository, issue) : null;
      },
      pinnedIssues: () => connection('PinnedIssue', pinnedObjects(sandbox, repository)),
      mergeQueue: ({ branch = repository.defaultBranch }: Record<string, unknown>) =>
        queueObject(sandbox, repository, String(branch)),
    },
  };
}

function pinnedObjects(sandbox: SandboxContext, repository: Repository): GraphObject[] {
  return repository.pinnedIssues.flatMap((number) => {
    const issue = repository.issues.get(number);
    return issue ? [{ type: 'PinnedIssue', fields: { issue: issueObject(sandbox, repository, issue) } }] : [];
  });
}

/** https://docs.github.com/en/graphql/reference/objects#pullrequest */
export function pullObject(sandbox: SandboxContext, repository: Repository, pull: PullRequest): GraphObject {
  const issue = issueOf(repository, pull);
  return {
    type: 'PullRequest',
    fields: {
      id: nodeId('PullRequest', pull.id),
      databaseId: pull.id,
      number: pull.number,
      title: issue.title,
      body: issue.body ?? '',
      url: `${sandbox.url()}/${repository.fullName}/pull/${pull.number}`,
      state: stateOf(repository, pull),
      ...listedFields(repository, pull),
      closed: !isOpen(repository, pull),
      merged: pull.merged,
      createdAt: issue.createdAt,
      mergedAt: pull.mergedAt,
      closedAt: issue.closedAt,
      isDraft: pull.draft,
      headRefName: pull.headRef,
      headRefOid: pull.headSha,
      baseRefName: pull.baseRef,
      baseRefOid: pull.baseSha,
      author: actorObject(sandbox, issue.user),
      repository: () => repositoryObject(sandbox, repository),
      mergeable: async () => {
        const { mergeable } = await mergeability(sandbox, repository, pull);
        return mergeable === null ? 'UNKNOWN' : mergeable ? 'MERGEABLE' : 'CONFLICTING';
      },
      mergeStateStatus: async () => (await mergeability(sandbox, repository, pull)).state.toUpperCase(),
      isInMergeQueue: entryOf(repository, pull) !== null,
      isMergeQueueEnabled: queueOf(sandbox, repository, pull.baseRef) !== null,
      mergeQueueEntry: () => {
        const found = entryOf(repository, pull);
        return found && entryObject(sandbox, repository, found.entry, found.position);
      },
      autoMergeRequest: autoMergeObject(sandbox, pull),
      reviewThreads: () =>
        connection(
          'PullRequestReviewThread',
          threadsOf(repository, pull.number).map((thread) => threadObject(sandbox, repository, thread)),
        ),
    },
  };
}

function autoMergeObject(sandbox: SandboxContext, { autoMerge }: PullRequest): GraphObject | null {
  if (!autoMerge) return null;
  const { enabledAt, method, title, message, enabledBy } = autoMerge;
  return {
    type: 'AutoMergeRequest',
    fields: {
      enabledAt,
      mergeMethod: method.toUpperCase(),
      commitHeadline: title,
      commitBody: message,
      enabledBy: actorObject(sandbox, enabledBy),
    },
  };
}

export function entryObject(
  sandbox: SandboxContext,
  repository: Repository,
  entry: QueueEntry,
  position: number,
): GraphObject {
  const commit = (oid: string | undefined) => (oid ? { type: 'Commit', fields: { oid } } : null);
  return {
    type: 'MergeQueueEntry',
    fields: {
      id: nodeId('MergeQueueEntry', entry.id),
      position,
      state: entry.group === null ? 'QUEUED' : 'AWAITING_CHECKS',
      enqueuedAt: entry.enqueuedAt,
      enqueuer: actorObject(sandbox, entry.enqueuedBy),
      headCommit: commit(entry.group?.headSha),
      baseCommit: commit(entry.group?.baseSha),
      pullRequest: () => {
        const pull = repository.pulls.get(entry.pullNumber);
        return pull ? pullObject(sandbox, repository, pull) : null;
      },
    },
  };
}

function queueObject(sandbox: SandboxContext, repository: Repository, branch: string): GraphObject | null {
  if (queueOf(sandbox, repository, branch) === null) return null;
  const entries = repository.mergeQueues.get(branch) ?? [];
  return {
    type: 'MergeQueue',
    fields: {
      id: Buffer.from(`MergeQueue${repository.id}:${branch}`).toString('base64'),
      url: `${sandbox.url()}/${repository.fullName}/queue/${branch}`,
      entries: () =>
        connection(
          'MergeQueueEntry',
          entries.map((entry, index) => entryObject(sandbox, repository, entry, index + 1)),
        ),
    },
  };
}

export function threadObject(
  sandbox: SandboxContext,
  repository: Repository,
  thread: ReviewThread,
): GraphObject {
  const [first] = thread.comments;
  return {
    type: 'PullRequestReviewThread',
    fields: {
      id: threadNodeId(thread),
      isResolved: thread.resolvedBy !== null,
      resolvedBy: thread.resolvedBy === null ? null : actorObject(sandbox, thread.resolvedBy),
      isOutdated: false,
      path: first?.path ?? '',
      line: first?.line ?? null,
      pullRequest: () => {
        const pull = repository.pulls.get(thread.pullNumber);
        return pull ? pullObject(sandbox, repository, pull) : null;
      },
      comments: () =>
        connection(
          'PullRequestReviewComment',
          thread.comments.map((comment) => ({
            type: 'PullRequestReviewComment',
            fields: {
              id: nodeId('PullRequestReviewComment', comment.id),
              databaseId: comment.id,
              body: comment.body,
              path: comment.path,
              author: actorObject(sandbox, comment.user),
              createdAt: comment.createdAt,
            },
          })),
        ),
    },
  };
}

export function threadNodeId(thread: ReviewThread): string {
  return nodeId('PullRequestReviewThread', thread.id);
}
