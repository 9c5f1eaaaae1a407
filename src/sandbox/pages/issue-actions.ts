import { GitHubError } from '../errors.ts';
import type { Issue, Repository } from '../state.ts';
import type { ApiCall } from './call-api.ts';

interface Asked {
  /** The API's path of the pull request, or of the issue. */
  path: string;
  /** Of the issue half, which both have. */
  issuePath: string;
  body: string;
  /** Head that was looked at; undefined on an issue. */
  sha?: string;
}

type Action = (asked: Asked) => ApiCall;

const merge =
  (merge_method: string): Action =>
  ({ path, sha }) => ({ method: 'PUT', path: `${path}/merge`, body: { merge_method, sha } });

const review =
  (event: string): Action =>
  ({ path, body, sha }) => ({
    method: 'POST',
    path: `${path}/reviews`,
    body: { event, body, commit_id: sha },
  });

const setState =
  (state: string): Action =>
  ({ path }) => ({ method: 'PATCH', path, body: { state } });

/** The buttons of an issue or a pull request by their values, each one call of the API. */
const ACTIONS: Partial<Record<string, Action>> = {
  comment: ({ issuePath, body }) => ({ method: 'POST', path: `${issuePath}/comments`, body: { body } }),
  approve: review('APPROVE'),
  'request-changes': review('REQUEST_CHANGES'),
  merge: merge('merge'),
  squash: merge('squash'),
  rebase: merge('rebase'),
  close: setState('closed'),
  reopen: setState('open'),
};

/**
 * The call that a button stands for.
 * @throws GitHubError 422 when there is no such button.
 */
export function callOf(
  repository: Repository,
  issue: Issue,
  form: Record<string, string | undefined>,
): ApiCall {
  const name = form.do ?? '';
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) throw new GitHubError(422, 'The form has no such button.');
  const base = `/repos/${repository.fullName}`;
  const issuePath = `${base}/issues/${issue.number}`;
  const path = issue.isPullRequest ? `${base}/pulls/${issue.number}` : issuePath;
  return action({ path, issuePath, body: form.body ?? '', sha: form.sha });
}
