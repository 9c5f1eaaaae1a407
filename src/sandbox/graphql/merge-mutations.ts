import { actingUser } from '../access.ts';
import { autoMergeRefusal, disableAutoMerge, enableAutoMerge } from '../auto-merge.ts';
import type { RouteContext, SandboxContext } from '../context.ts';
import { dequeue, enqueue, entryOf, queueRefusal } from '../merge-queue.ts';
import { withLock } from '../repository-lock.ts';
import { settle } from '../settle.ts';
import type { MergeMethod } from '../state-protection.ts';
import { GraphError } from './execute.ts';
import { inputOf, pullById } from './input.ts';
import type { Mutation } from './mutation.ts';
import { actorObject, entryObject, pullObject } from './objects.ts';

/** As for the merge button: https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request */
const MERGER = { permission: ['contents', 'write'] as [string, 'write'], role: 'write' as const };

function refuse(problem: string): GraphError {
  return new GraphError('UNPROCESSABLE', `Pull request ${problem}`);
}

function requireHead(expected: unknown, headSha: string): void {
  if (typeof expected === 'string' && expected !== headSha)
    throw new GraphError('UNPROCESSABLE', 'Head branch was modified. Review and try again.');
}

/** https://docs.github.com/en/graphql/reference/mutations#enqueuepullrequest */
export const enqueuePullRequest: Mutation = async (c, sandbox, args) => {
  const input = inputOf(args);
  const { repository, pull } = pullById(c, sandbox, input.pullRequestId, MERGER);
  const user = actingUser(c);
  requireHead(input.expectedHeadOid, pull.headSha);
  const entry = await withLock(repository, async () => {
    const refusal = await queueRefusal(sandbox, repository, pull);
    if (refusal !== null) throw refuse(refusal);
    return enqueue(sandbox, repository, pull, { user, jump: input.jump === true });
  });
  await settle(sandbox, repository);
  const position = entryOf(repository, pull)?.position ?? 0;
  return {
    type: 'EnqueuePullRequestPayload',
    fields: {
      clientMutationId: input.clientMutationId ?? null,
      mergeQueueEntry: entryObject(sandbox, repository, entry, position),
    },
  };
};

/** https://docs.github.com/en/graphql/reference/mutations#dequeuepullrequest */
export const dequeuePullRequest: Mutation = async (c, sandbox, args) => {
  const input = inputOf(args);
  const { repository, pull } = pullById(c, sandbox, input.id, MERGER);
  const sender = actingUser(c);
  const entry = await withLock(repository, async () => {
    const found = entryOf(repository, pull);
    if (found === null) throw refuse('is not in the queue');
    const object = entryObject(sandbox, repository, found.entry, found.position);
    await dequeue(sandbox, repository, pull, { reason: 'MANUAL', sender });
    return object;
  });
  return {
    type: 'DequeuePullRequestPayload',
    fields: { clientMutationId: input.clientMutationId ?? null, mergeQueueEntry: entry },
  };
};

/** https://docs.github.com/en/graphql/reference/mutations#enablepullrequestautomerge */
export const enablePullRequestAutoMerge: Mutation = async (c, sandbox, args) => {
  const input = inputOf(args);
  const { repository, pull } = pullById(c, sandbox, input.pullRequestId, MERGER);
  const user = actingUser(c);
  requireHead(input.expectedHeadOid, pull.headSha);
  const method = String(input.mergeMethod ?? 'MERGE').toLowerCase() as MergeMethod;
  await withLock(repository, async () => {
    const refusal = await autoMergeRefusal(sandbox, repository, pull, method);
    if (refusal === 'Auto merge is not allowed for this repository')
      throw new GraphError('UNPROCESSABLE', refusal);
    if (refusal !== null) throw refuse(refusal);
    const text = (value: unknown) => (typeof value === 'string' ? value : null);
    const [title, message] = [text(input.commitHeadline), text(input.commitBody)];
    await enableAutoMerge(sandbox, repository, pull, { user, method, title, message });
  });
  return payload(c, sandbox, 'EnablePullRequestAutoMergePayload', input);
};

/** https://docs.github.com/en/graphql/reference/mutations#disablepullrequestautomerge */
export const disablePullRequestAutoMerge: Mutation = async (c, sandbox, args) => {
  const input = inputOf(args);
  const { repository, pull } = pullById(c, sandbox, input.pullRequestId, MERGER);
  const sender = actingUser(c);
  await withLock(repository, async () => {
    if (!pull.autoMerge)
      throw new GraphError('UNPROCESSABLE', "Can't disable auto-merge for this pull request");
    await disableAutoMerge(sandbox, repository, pull, { sender, reason: 'Disabled by a user' });
  });
  return payload(c, sandbox, 'DisablePullRequestAutoMergePayload', input);
};

function payload(
  c: RouteContext,
  sandbox: SandboxContext,
  type: string,
  input: Record<string, unknown>,
): ReturnType<typeof pullObject> {
  const { repository, pull } = pullById(c, sandbox, input.pullRequestId, MERGER);
  return {
    type,
    fields: {
      clientMutationId: input.clientMutationId ?? null,
      actor: actorObject(sandbox, actingUser(c).login),
      pullRequest: pullObject(sandbox, repository, pull),
    },
  };
}
