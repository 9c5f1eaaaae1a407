import { z } from 'zod';
import { actingUser, requireRepository, roleOf } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { requireAuthorOr, requireDiscussions, requireIssue } from '../issue-access.ts';
import { setAssignees } from '../issue-assignees.ts';
import { setLabels } from '../issue-labels.ts';
import { issueJson } from '../json-issue.ts';
import { paginate } from '../paginate.ts';
import { atLeast } from '../people.ts';
import { actingAppId, bodyOf, numberParam, timestamp } from '../route-input.ts';
import type { Issue, Repository, User } from '../state.ts';
import { updatePull } from '../update-pull.ts';

const LabelNames = z.array(z.union([z.string().min(1), z.object({ name: z.string().min(1) })]));
const NewBody = z.object({
  title: z.string().min(1).max(256),
  body: z.string().max(65_536).nullish(),
  labels: LabelNames.optional(),
  assignees: z.array(z.string()).optional(),
});
const UpdateBody = NewBody.partial().extend({ state: z.enum(['open', 'closed']).optional() });

/** https://docs.github.com/en/rest/issues/issues */
export const issueRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/issues';
  app.get(path, (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['issues', 'read'] });
    return c.json(
      paginate(c, listIssues(c, repository)).map((issue) => issueJson(sandbox, repository, issue)),
    );
  });
  app.post(path, async (c: RouteContext) => {
    const repository = requireRepository(c, sandbox, { permission: ['issues', 'write'] });
    const body = await bodyOf(c, NewBody);
    const issue = await createIssue(c, sandbox, repository, body);
    return c.json(issueJson(sandbox, repository, issue), 201);
  });
  app.get(`${path}/:number`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    return c.json(issueJson(sandbox, repository, requireIssue(c, repository, numberParam(c, 'number'))));
  });
  app.patch(`${path}/:number`, async (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'write');
    const issue = requireIssue(c, repository, numberParam(c, 'number'), 'write');
    const user = requireAuthorOr(c, sandbox, repository, issue.user, 'triage');
    const body = await bodyOf(c, UpdateBody);
    const pull = repository.pulls.get(issue.number);
    if (pull) await updatePull(sandbox, repository, pull, body, user);
    else updateIssue(sandbox, repository, issue, body, user);
    const mayTriage = mayLabel(c, sandbox, repository);
    if (mayTriage && body.assignees) await setAssignees(sandbox, repository, issue, body.assignees, user);
    if (mayTriage && body.labels) await setLabels(sandbox, repository, issue, labelNames(body.labels), user);
    return c.json(issueJson(sandbox, repository, issue));
  });
};

export function labelNames(labels: z.output<typeof LabelNames>): string[] {
  return labels.map((label) => (typeof label === 'string' ? label : label.name));
}

/** Labels and assignees from people without the role are dropped in silence, as on GitHub. */
function mayLabel(c: RouteContext, sandbox: SandboxContext, repository: Repository): boolean {
  return actingAppId(c) !== null || atLeast(roleOf(sandbox, repository, actingUser(c).login), 'triage');
}

/** Newest first; pull requests are issues too. `labels` must all be there. */
function listIssues(c: RouteContext, repository: Repository): Issue[] {
  const { state = 'open', labels = '', creator, since, sort, direction = 'desc' } = c.req.query();
  const wanted = labels.split(',').filter((name) => name !== '');
  const key = (issue: Issue) => (sort === 'updated' ? issue.updatedAt : '');
  const issues = [...repository.issues.values()]
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) =>
      wanted.every((name) => issue.labels.some((one) => one.toLowerCase() === name.toLowerCase())),
    )
    .filter((issue) => !creator || issue.user === creator)
    .filter((issue) => !since || Date.parse(issue.updatedAt) >= Date.parse(since))
    .sort((a, b) => key(a).localeCompare(key(b)) || a.number - b.number);
  return direction === 'asc' ? issues : issues.reverse();
}

async function createIssue(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  body: z.output<typeof NewBody>,
): Promise<Issue> {
  const user = actingUser(c);
  const appId = actingAppId(c);
  const now = timestamp(sandbox);
  const issue: Issue = {
    id: sandbox.nextId(),
    number: repository.nextNumber++,
    title: body.title,
    body: body.body ?? null,
    user: user.login,
    state: 'open',
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    isPullRequest: false,
    locked: false,
    appId,
  };
  repository.issues.set(issue.number, issue);
  emitIssue(sandbox, repository, issue, 'opened', user);
  if (!mayLabel(c, sandbox, repository)) return issue;
  if (body.labels) await setLabels(sandbox, repository, issue, labelNames(body.labels), user);
  if (body.assignees) await setAssignees(sandbox, repository, issue, body.assignees, user);
  return issue;
}

function updateIssue(
  sandbox: SandboxContext,
  repository: Repository,
  issue: Issue,
  body: z.output<typeof UpdateBody>,
  user: User,
): void {
  const changes: Record<string, unknown> = {};
  if (body.title !== undefined && body.title !== issue.title) changes.title = { from: issue.title };
  if (body.body !== undefined && body.body !== issue.body) changes.body = { from: issue.body };
  issue.title = body.title ?? issue.title;
  if (body.body !== undefined) issue.body = body.body;
  issue.updatedAt = timestamp(sandbox);
  if (Object.keys(changes).length > 0) emitIssue(sandbox, repository, issue, 'edited', user, { changes });
  if (body.state === undefined || body.state === issue.state) return;
  const closed = body.state === 'closed';
  issue.state = body.state;
  issue.closedAt = closed ? issue.updatedAt : null;
  issue.closedBy = closed ? user.login : null;
  emitIssue(sandbox, repository, issue, closed ? 'closed' : 'reopened', user);
}

function emitIssue(
  sandbox: SandboxContext,
  repository: Repository,
  issue: Issue,
  action: string,
  sender: User,
  extra: Record<string, unknown> = {},
): void {
  const payload = { issue: issueJson(sandbox, repository, issue), ...extra };
  sandbox.emit('issues', { repository, sender, action, payload });
}
