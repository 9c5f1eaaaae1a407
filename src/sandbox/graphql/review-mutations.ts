import { actingUser } from '../access.ts';
import type { RouteContext, SandboxContext } from '../context.ts';
import { pullSummaryJson } from '../json-pull.ts';
import { reviewCommentJson } from '../json-review-comment.ts';
import { issueOf } from '../pull-git.ts';
import { emitPull } from '../pull-requests.ts';
import { requestCodeOwners } from '../request-code-owners.ts';
import { threadsOf } from '../review-threads.ts';
import { timestamp } from '../route-input.ts';
import type { GraphObject } from './execute.ts';
import { inputOf, pullById, requireOpen, threadById } from './input.ts';
import type { Mutation } from './mutation.ts';
import { pullObject, threadNodeId, threadObject } from './objects.ts';

const WRITER = { permission: ['pull_requests', 'write'] as [string, 'write'], role: 'write' as const };

/** https://docs.github.com/en/graphql/reference/mutations#resolvereviewthread */
export const resolveReviewThread: Mutation = async (c, sandbox, args) => setResolved(c, sandbox, args, true);

/** https://docs.github.com/en/graphql/reference/mutations#unresolvereviewthread */
export const unresolveReviewThread: Mutation = async (c, sandbox, args) =>
  setResolved(c, sandbox, args, false);

async function setResolved(
  c: RouteContext,
  sandbox: SandboxContext,
  args: Record<string, unknown>,
  resolved: boolean,
): Promise<GraphObject> {
  const input = inputOf(args);
  const { repository, pull, thread } = threadById(c, sandbox, input.threadId, WRITER);
  const sender = actingUser(c);
  if (resolved !== (thread.resolvedBy !== null)) {
    if (resolved) repository.resolvedThreads.set(thread.id, sender.login);
    else repository.resolvedThreads.delete(thread.id);
    const comments = thread.comments.map((one) => reviewCommentJson(sandbox, repository, one));
    const payload = {
      pull_request: pullSummaryJson(sandbox, repository, pull),
      thread: { node_id: threadNodeId(thread), comments },
      updated_at: timestamp(sandbox),
    };
    const action = resolved ? 'resolved' : 'unresolved';
    sandbox.emit('pull_request_review_thread', { repository, sender, action, payload });
  }
  const now = threadsOf(repository, pull.number).find((one) => one.id === thread.id) ?? thread;
  return {
    type: resolved ? 'ResolveReviewThreadPayload' : 'UnresolveReviewThreadPayload',
    fields: {
      clientMutationId: input.clientMutationId ?? null,
      thread: threadObject(sandbox, repository, now),
    },
  };
}

/** https://docs.github.com/en/graphql/reference/mutations#markpullrequestreadyforreview */
export const markPullRequestReadyForReview: Mutation = async (c, sandbox, args) =>
  setDraft(c, sandbox, args, false);

/** https://docs.github.com/en/graphql/reference/mutations#convertpullrequesttodraft */
export const convertPullRequestToDraft: Mutation = async (c, sandbox, args) =>
  setDraft(c, sandbox, args, true);

async function setDraft(
  c: RouteContext,
  sandbox: SandboxContext,
  args: Record<string, unknown>,
  draft: boolean,
): Promise<GraphObject> {
  const input = inputOf(args);
  const found = pullById(c, sandbox, input.pullRequestId, { permission: ['pull_requests', 'read'] });
  const { repository, pull } = found;
  const sender = actingUser(c);
  // Its author may without a role on the repository.
  if (issueOf(repository, pull).user !== sender.login) pullById(c, sandbox, input.pullRequestId, WRITER);
  requireOpen(found);
  if (pull.draft !== draft) {
    pull.draft = draft;
    issueOf(repository, pull).updatedAt = timestamp(sandbox);
    const action = draft ? 'converted_to_draft' : 'ready_for_review';
    await emitPull(sandbox, repository, pull, { action, sender });
    if (!draft) await requestCodeOwners(sandbox, repository, pull, sender);
  }
  return {
    type: draft ? 'ConvertPullRequestToDraftPayload' : 'MarkPullRequestReadyForReviewPayload',
    fields: {
      clientMutationId: input.clientMutationId ?? null,
      pullRequest: pullObject(sandbox, repository, pull),
    },
  };
}
