import { actingUser } from '../access.ts';
import type { RouteContext, SandboxContext } from '../context.ts';
import { issueJson } from '../json-issue.ts';
import { nodeId } from '../route-input.ts';
import type { Issue, Repository } from '../state.ts';
import { GraphError, type GraphObject } from './execute.ts';
import { inputOf, issueById } from './input.ts';
import type { Mutation } from './mutation.ts';

/** https://docs.github.com/en/issues/tracking-your-work-with-issues/administering-issues/pinning-an-issue-to-your-repository */
const MAX_PINNED = 3;

/** https://docs.github.com/en/graphql/reference/mutations#pinissue; REST has no such call. */
export const pinIssue: Mutation = async (c, sandbox, args) => setPinned(c, sandbox, args, true);

/** https://docs.github.com/en/graphql/reference/mutations#unpinissue */
export const unpinIssue: Mutation = async (c, sandbox, args) => setPinned(c, sandbox, args, false);

function setPinned(
  c: RouteContext,
  sandbox: SandboxContext,
  args: Record<string, unknown>,
  pinned: boolean,
): GraphObject {
  const input = inputOf(args);
  const need = { permission: ['issues', 'write'] as [string, 'write'], role: 'write' as const };
  const { repository, issue } = issueById(c, sandbox, input.issueId, need);
  const isPinned = repository.pinnedIssues.includes(issue.number);
  if (pinned && !isPinned && repository.pinnedIssues.length >= MAX_PINNED)
    throw new GraphError('UNPROCESSABLE', `Maximum ${MAX_PINNED} pinned issues per repository`);
  if (pinned !== isPinned) {
    if (pinned) repository.pinnedIssues.push(issue.number);
    else repository.pinnedIssues = repository.pinnedIssues.filter((number) => number !== issue.number);
    const payload = { issue: issueJson(sandbox, repository, issue) };
    const action = pinned ? 'pinned' : 'unpinned';
    sandbox.emit('issues', { repository, sender: actingUser(c), action, payload });
  }
  return {
    type: pinned ? 'PinIssuePayload' : 'UnpinIssuePayload',
    fields: {
      clientMutationId: input.clientMutationId ?? null,
      issue: issueObject(sandbox, repository, issue),
    },
  };
}

/** https://docs.github.com/en/graphql/reference/objects#issue */
export function issueObject(sandbox: SandboxContext, repository: Repository, issue: Issue): GraphObject {
  return {
    type: 'Issue',
    fields: {
      id: nodeId('Issue', issue.id),
      databaseId: issue.id,
      number: issue.number,
      title: issue.title,
      body: issue.body ?? '',
      url: `${sandbox.url()}/${repository.fullName}/issues/${issue.number}`,
      state: issue.state.toUpperCase(),
      closed: issue.state === 'closed',
      locked: issue.locked,
      isPinned: repository.pinnedIssues.includes(issue.number),
    },
  };
}
