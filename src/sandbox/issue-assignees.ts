import { roleOf } from './access.ts';
import type { SandboxContext } from './context.ts';
import { userJson } from './json.ts';
import { issueJson } from './json-issue.ts';
import { emitPull } from './pull-requests.ts';
import { timestamp } from './route-input.ts';
import type { Issue, Repository, User } from './state.ts';

/** https://docs.github.com/en/rest/issues/assignees#add-assignees-to-an-issue */
const MAX_ASSIGNEES = 10;

/** Logins that an issue may be assigned to: everyone whom the repository, a team or the organisation names. */
export function assignableLogins(sandbox: SandboxContext, repository: Repository): string[] {
  return [...sandbox.state.users.values()]
    .filter((user) => user.type === 'User' && user.login !== 'web-flow')
    .map((user) => user.login)
    .filter((login) => roleOf(sandbox, { ...repository, private: true }, login) !== 'none');
}

/** Makes the assignees what `logins` says, and tells each that came or went. Who cannot be assigned is dropped in silence. */
export async function setAssignees(
  sandbox: SandboxContext,
  repository: Repository,
  issue: Issue,
  logins: string[],
  sender: User,
): Promise<void> {
  const assignable = assignableLogins(sandbox, repository);
  const wanted = logins.flatMap((login) => {
    const known = assignable.find((one) => one.toLowerCase() === login.toLowerCase());
    return known === undefined ? [] : [known];
  });
  const next = [...new Set(wanted)].slice(0, MAX_ASSIGNEES);
  const removed = issue.assignees.filter((login) => !next.includes(login));
  const added = next.filter((login) => !issue.assignees.includes(login));
  issue.assignees = next;
  if (removed.length + added.length > 0) issue.updatedAt = timestamp(sandbox);
  for (const login of removed) await emitAssignee(sandbox, repository, issue, login, 'unassigned', sender);
  for (const login of added) await emitAssignee(sandbox, repository, issue, login, 'assigned', sender);
}

async function emitAssignee(
  sandbox: SandboxContext,
  repository: Repository,
  issue: Issue,
  login: string,
  action: 'assigned' | 'unassigned',
  sender: User,
): Promise<void> {
  const extra = { assignee: userJson(sandbox, login) };
  const pull = repository.pulls.get(issue.number);
  if (pull) return emitPull(sandbox, repository, pull, { action, sender, extra });
  const payload = { issue: issueJson(sandbox, repository, issue), ...extra };
  sandbox.emit('issues', { repository, sender, action, payload });
}
