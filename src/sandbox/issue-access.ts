import { actingUser, requireRepository, roleOf } from './access.ts';
import type { RouteContext, SandboxContext } from './context.ts';
import { GitHubError } from './errors.ts';
import { atLeast } from './people.ts';
import { actingAppId, notFound } from './route-input.ts';
import type { Issue, Repository, User } from './state.ts';

/**
 * The repository for an endpoint that serves issues and pull requests alike: an App needs one of the two
 * permissions (https://docs.github.com/en/rest/issues/comments#create-an-issue-comment).
 */
export function requireDiscussions(
  c: RouteContext,
  sandbox: SandboxContext,
  access: 'read' | 'write',
): Repository {
  const actor = c.get('actor');
  const onPulls = actor.kind === 'installation' && !holds(actor.permissions.issues, access);
  return requireRepository(c, sandbox, { permission: [onPulls ? 'pull_requests' : 'issues', access] });
}

function holds(permission: string | undefined, access: 'read' | 'write'): boolean {
  return permission === 'write' || permission === access;
}

/** An issue or pull request; an App that may only touch pull requests does not get issues. */
export function requireIssue(
  c: RouteContext,
  repository: Repository,
  number: number,
  access: 'read' | 'write' = 'read',
): Issue {
  const issue = repository.issues.get(number);
  if (!issue) throw notFound();
  const actor = c.get('actor');
  if (actor.kind === 'installation' && !issue.isPullRequest && !holds(actor.permissions.issues, access))
    throw new GitHubError(403, 'Resource not accessible by integration');
  return issue;
}

/** Authors change what is theirs; everything else takes the role. Apps were judged by their permission. */
export function requireAuthorOr(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  author: string,
  role: 'triage' | 'write',
): User {
  const user = actingUser(c);
  if (
    actingAppId(c) === null &&
    user.login !== author &&
    !atLeast(roleOf(sandbox, repository, user.login), role)
  )
    throw new GitHubError(403, `Must have ${role} access to Repository.`);
  return user;
}
