import { z } from 'zod';
import { actingUser, requireRepository, roleAtLeast, roleOf } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { requireDiscussions, requireIssue } from '../issue-access.ts';
import { assignableLogins, setAssignees } from '../issue-assignees.ts';
import { userJson } from '../json.ts';
import { issueJson } from '../json-issue.ts';
import { paginate } from '../paginate.ts';
import { actingAppId, bodyOf, notFound, numberParam, param } from '../route-input.ts';

const Body = z.object({ assignees: z.array(z.string()).default([]) });

/** https://docs.github.com/en/rest/issues/assignees */
export const assigneeRoutes: Routes = (app, sandbox) => {
  const repo = '/repos/:owner/:repo';
  const reader = (c: RouteContext) => requireRepository(c, sandbox, { permission: ['metadata', 'read'] });
  app.get(`${repo}/assignees`, (c: RouteContext) => {
    const logins = paginate(c, assignableLogins(sandbox, reader(c)));
    return c.json(logins.map((login) => userJson(sandbox, login)));
  });
  app.get(`${repo}/assignees/:user`, (c: RouteContext) => {
    const wanted = param(c, 'user').toLowerCase();
    const found = assignableLogins(sandbox, reader(c)).some((login) => login.toLowerCase() === wanted);
    if (!found) throw notFound();
    return c.body(null, 204);
  });
  const change = (combine: (now: string[], named: string[]) => string[], status: 200 | 201) => {
    return async (c: RouteContext) => {
      const repository = requireDiscussions(c, sandbox, 'write');
      const issue = requireIssue(c, repository, numberParam(c, 'number'), 'write');
      const { assignees } = await bodyOf(c, Body);
      const user = actingUser(c);
      // Without the right to assign, the request is answered and nothing changes.
      if (mayAssign(c, sandbox, repository))
        await setAssignees(sandbox, repository, issue, combine(issue.assignees, assignees), user);
      return c.json(issueJson(sandbox, repository, issue), status);
    };
  };
  const without = (now: string[], named: string[]) => {
    const gone = named.map((login) => login.toLowerCase());
    return now.filter((login) => !gone.includes(login.toLowerCase()));
  };
  app.post(
    `${repo}/issues/:number/assignees`,
    change((now, named) => [...now, ...named], 201),
  );
  app.delete(`${repo}/issues/:number/assignees`, change(without, 200));
};

function mayAssign(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Parameters<typeof roleOf>[1],
): boolean {
  return actingAppId(c) !== null || roleAtLeast(roleOf(sandbox, repository, actingUser(c).login), 'triage');
}
