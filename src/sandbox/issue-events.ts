import type { SandboxContext } from './context.ts';
import { appJson, nodeId, userJson } from './json.ts';
import { timestamp } from './route-input.ts';
import type { IssueEvent, Repository, User } from './state.ts';

type Json = Record<string, unknown>;

/** Actions of the webhooks `issues` and `pull_request` that an issue's history has under the same name. */
const SAME_NAME = new Set([
  ...['closed', 'reopened', 'labeled', 'unlabeled', 'assigned', 'unassigned', 'locked', 'unlocked'],
  ...['pinned', 'unpinned', 'review_requested', 'review_request_removed', 'ready_for_review'],
]);
const OTHER_NAME: Record<string, string> = {
  converted_to_draft: 'convert_to_draft',
  auto_merge_enabled: 'auto_merge_enabled',
  auto_merge_disabled: 'auto_merge_disabled',
  enqueued: 'added_to_merge_queue',
  dequeued: 'removed_from_merge_queue',
};

export interface Happening {
  repository: Repository;
  sender: User;
  action?: string;
  payload: Json;
}

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {};

/** Writes down what a webhook about an issue or pull request tells; each change is told by one, so nothing is missed. */
export function recordIssueEvent(sandbox: SandboxContext, event: string, happening: Happening): void {
  if (event !== 'issues' && event !== 'pull_request') return;
  const { repository, sender, action = '', payload } = happening;
  const subject = asObject(payload.issue ?? payload.pull_request);
  const issueNumber = Number(subject.number);
  const record = (name: string, details: Json) =>
    repository.issueEvents.push({
      id: sandbox.nextId(),
      issueNumber,
      event: name,
      actor: sender.login,
      createdAt: timestamp(sandbox),
      details,
    });
  const title = asObject(payload.changes).title;
  if (action === 'edited' && title !== undefined)
    record('renamed', { rename: { from: asObject(title).from, to: subject.title } });
  if (action === 'closed' && subject.merged === true)
    record('merged', { commit_id: subject.merge_commit_sha, commit_url: null });
  const name = SAME_NAME.has(action) ? action : OTHER_NAME[action];
  if (name !== undefined) record(name, detailsOf(sandbox, name, happening, subject));
}

function detailsOf(
  sandbox: SandboxContext,
  name: string,
  { sender, payload }: Happening,
  subject: Json,
): Json {
  if (name === 'labeled' || name === 'unlabeled') {
    const { name: label, color } = asObject(payload.label);
    return { label: { name: label, color } };
  }
  if (name === 'assigned' || name === 'unassigned')
    return { assignee: payload.assignee, assigner: userJson(sandbox, sender.login) };
  if (name === 'locked' || name === 'unlocked') return { lock_reason: subject.active_lock_reason ?? null };
  if (name === 'closed' || name === 'reopened') return { state_reason: subject.state_reason ?? null };
  if (!name.startsWith('review_request')) return {};
  const { requested_reviewer, requested_team } = payload;
  return {
    review_requester: userJson(sandbox, sender.login),
    ...(requested_reviewer ? { requested_reviewer } : {}),
    ...(requested_team ? { requested_team } : {}),
  };
}

/** https://docs.github.com/en/rest/using-the-rest-api/issue-event-types */
export function issueEventJson(sandbox: SandboxContext, repository: Repository, one: IssueEvent): Json {
  const app = [...sandbox.state.apps.values()].find((candidate) => candidate.botLogin === one.actor);
  return {
    id: one.id,
    node_id: nodeId('IssueEvent', one.id),
    url: `${sandbox.url()}/repos/${repository.fullName}/issues/events/${one.id}`,
    actor: userJson(sandbox, one.actor),
    event: one.event,
    commit_id: null,
    commit_url: null,
    created_at: one.createdAt,
    performed_via_github_app: app ? appJson(sandbox, app) : null,
    ...one.details,
  };
}
