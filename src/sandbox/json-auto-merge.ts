import type { SandboxContext } from './context.ts';
import { userJson } from './json.ts';
import { defaultMessage, defaultTitle } from './merge-message.ts';
import type { PullRequest, Repository } from './state.ts';

/** `auto_merge` of a pull request: how it will merge by itself; null when it will not. */
export function autoMergeJson(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Record<string, unknown> | null {
  const { autoMerge } = pull;
  if (!autoMerge) return null;
  const { method, title, message, enabledBy } = autoMerge;
  return {
    enabled_by: userJson(sandbox, enabledBy),
    merge_method: method,
    commit_title: title ?? defaultTitle(repository, pull, method),
    commit_message: message ?? defaultMessage(repository, pull, method),
  };
}
