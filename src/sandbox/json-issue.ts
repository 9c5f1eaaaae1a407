import type { SandboxContext } from './context.ts';
import { appJson, userJson } from './json.ts';
import { nodeId } from './route-input.ts';
import type { Comment, Issue, Label, Repository } from './state.ts';

type Json = Record<string, unknown>;

/** How the person stands to the repository: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation */
export function authorAssociation(sandbox: SandboxContext, repository: Repository, login: string): string {
  if (login === repository.owner) return 'OWNER';
  if (sandbox.state.organizations.get(repository.owner)?.members.has(login)) return 'MEMBER';
  return repository.collaborators.has(login) ? 'COLLABORATOR' : 'NONE';
}

/** The App that wrote something, for `performed_via_github_app`. */
export function writingApp(sandbox: SandboxContext, appId: number | null): Json | null {
  const app = appId === null ? undefined : sandbox.state.apps.get(appId);
  return app ? appJson(sandbox, app) : null;
}

export function labelJson(sandbox: SandboxContext, repository: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${sandbox.url()}/repos/${repository.fullName}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function labelsJson(sandbox: SandboxContext, repository: Repository, issue: Issue): Json[] {
  return issue.labels.flatMap((name) => {
    const label = repository.labels.get(name.toLowerCase());
    return label ? [labelJson(sandbox, repository, label)] : [];
  });
}

export function issueJson(sandbox: SandboxContext, repository: Repository, issue: Issue): Json {
  const repositoryUrl = `${sandbox.url()}/repos/${repository.fullName}`;
  const url = `${repositoryUrl}/issues/${issue.number}`;
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url,
    repository_url: repositoryUrl,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: htmlUrl(sandbox, repository, issue),
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: userJson(sandbox, issue.user),
    labels: labelsJson(sandbox, repository, issue),
    state: issue.state,
    state_reason: issue.state === 'closed' ? 'completed' : null,
    locked: issue.locked,
    assignee: issue.assignees[0] ? userJson(sandbox, issue.assignees[0]) : null,
    assignees: issue.assignees.map((login) => userJson(sandbox, login)),
    milestone: null,
    active_lock_reason: issue.lockReason ?? null,
    reactions: { url: `${url}/reactions`, ...reactionCounts(issue.reactions ?? []) },
    timeline_url: `${url}/timeline`,
    comments: [...repository.comments.values()].filter((one) => one.issueNumber === issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy ? userJson(sandbox, issue.closedBy) : null,
    author_association: authorAssociation(sandbox, repository, issue.user),
    performed_via_github_app: writingApp(sandbox, issue.appId),
    ...(issue.isPullRequest
      ? { draft: isDraft(repository, issue), pull_request: pullLinks(sandbox, repository, issue) }
      : {}),
  };
}

export function htmlUrl(sandbox: SandboxContext, repository: Repository, issue: Issue): string {
  const kind = issue.isPullRequest ? 'pull' : 'issues';
  return `${sandbox.url()}/${repository.fullName}/${kind}/${issue.number}`;
}

function isDraft(repository: Repository, issue: Issue): boolean {
  return repository.pulls.get(issue.number)?.draft ?? false;
}

function pullLinks(sandbox: SandboxContext, repository: Repository, issue: Issue): Json {
  const page = htmlUrl(sandbox, repository, issue);
  return {
    url: `${sandbox.url()}/repos/${repository.fullName}/pulls/${issue.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: repository.pulls.get(issue.number)?.mergedAt ?? null,
  };
}

export const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const;

export function commentJson(sandbox: SandboxContext, repository: Repository, comment: Comment): Json {
  const api = `${sandbox.url()}/repos/${repository.fullName}/issues`;
  const issue = repository.issues.get(comment.issueNumber);
  const url = `${api}/comments/${comment.id}`;
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url,
    html_url: issue ? `${htmlUrl(sandbox, repository, issue)}#issuecomment-${comment.id}` : null,
    issue_url: `${api}/${comment.issueNumber}`,
    user: userJson(sandbox, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: authorAssociation(sandbox, repository, comment.user),
    performed_via_github_app: writingApp(sandbox, comment.appId),
    reactions: { url: `${url}/reactions`, ...reactionCounts(comment.reactions) },
  };
}

export function reactionCounts(reactions: Comment['reactions']): Json {
  const counts = REACTIONS.map((content) => [
    content,
    reactions.filter((reaction) => reaction.content === content).length,
  ]);
  return { total_count: reactions.length, ...Object.fromEntries(counts) };
}
