import { z } from 'zod';
import { actingUser, roleAtLeast, roleOf } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { requireDiscussions, requireIssue } from '../issue-access.ts';
import { issueJson } from '../json-issue.ts';
import { emitPull } from '../pull-requests.ts';
import { actingAppId, bodyOf, numberParam } from '../route-input.ts';
import type { Issue, Repository, User } from '../state.ts';

const Body = z.object({ lock_reason: z.enum(['off-topic', 'too heated', 'resolved', 'spam']).nullish() });

/** https://docs.github.com/en/rest/issues/issues#lock-an-issue */
export const issueLockRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/issues/:number/lock';
  const lockable = (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'write');
    if (!mayTalkWhenLocked(c, sandbox, repository))
      throw new GitHubError(403, 'Must have write access to Repository.');
    return { repository, issue: requireIssue(c, repository, numberParam(c, 'number'), 'write') };
  };
  app.put(path, async (c: RouteContext) => {
    const { repository, issue } = lockable(c);
    const { lock_reason: reason = null } = await bodyOf(c, Body);
    await setLock(sandbox, repository, issue, { locked: true, reason, user: actingUser(c) });
    return c.body(null, 204);
  });
  app.delete(path, async (c: RouteContext) => {
    const { repository, issue } = lockable(c);
    await setLock(sandbox, repository, issue, { locked: false, reason: null, user: actingUser(c) });
    return c.body(null, 204);
  });
};

/** Whether somebody may lock, and comment on what is locked: who has write access, and Apps that have the permission. */
export function mayTalkWhenLocked(c: RouteContext, sandbox: SandboxContext, repository: Repository): boolean {
  return actingAppId(c) !== null || roleAtLeast(roleOf(sandbox, repository, actingUser(c).login), 'write');
}

async function setLock(
  sandbox: SandboxContext,
  repository: Repository,
  issue: Issue,
  { locked, reason, user }: { locked: boolean; reason: string | null; user: User },
): Promise<void> {
  if (issue.locked === locked) return;
  issue.locked = locked;
  issue.lockReason = reason;
  const action = locked ? 'locked' : 'unlocked';
  const pull = repository.pulls.get(issue.number);
  if (pull) return emitPull(sandbox, repository, pull, { action, sender: user });
  const payload = { issue: issueJson(sandbox, repository, issue) };
  sandbox.emit('issues', { repository, sender: user, action, payload });
}
