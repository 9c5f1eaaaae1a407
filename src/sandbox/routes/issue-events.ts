import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { requireDiscussions, requireIssue } from '../issue-access.ts';
import { issueEventJson } from '../issue-events.ts';
import { userJson } from '../json.ts';
import { commentJson, issueJson } from '../json-issue.ts';
import { reviewJson } from '../json-pull.ts';
import { paginate } from '../paginate.ts';
import { notFound, numberParam } from '../route-input.ts';
import type { Issue, Repository } from '../state.ts';

/** https://docs.github.com/en/rest/issues/events and https://docs.github.com/en/rest/issues/timeline */
export const issueEventRoutes: Routes = (app, sandbox) => {
  const path = '/repos/:owner/:repo/issues';
  app.get(`${path}/events`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    const events = paginate(c, [...repository.issueEvents].reverse());
    return c.json(events.map((one) => ({ ...issueEventJson(sandbox, repository, one), ...issueOf(one) })));
    function issueOf({ issueNumber }: { issueNumber: number }) {
      const issue = repository.issues.get(issueNumber);
      return issue ? { issue: issueJson(sandbox, repository, issue) } : {};
    }
  });
  app.get(`${path}/events/:id`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    const event = repository.issueEvents.find((one) => one.id === numberParam(c, 'id'));
    const issue = event && repository.issues.get(event.issueNumber);
    if (!event || !issue) throw notFound();
    const json = issueEventJson(sandbox, repository, event);
    return c.json({ ...json, issue: issueJson(sandbox, repository, issue) });
  });
  app.get(`${path}/:number/events`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    const issue = requireIssue(c, repository, numberParam(c, 'number'));
    const events = repository.issueEvents.filter((one) => one.issueNumber === issue.number);
    return c.json(paginate(c, events).map((one) => issueEventJson(sandbox, repository, one)));
  });
  app.get(`${path}/:number/timeline`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    const issue = requireIssue(c, repository, numberParam(c, 'number'));
    return c.json(paginate(c, timeline(sandbox, repository, issue)));
  });
};

/** Events, comments and reviews together, oldest first. Commits and references from elsewhere are left out. */
function timeline(sandbox: SandboxContext, repository: Repository, issue: Issue): unknown[] {
  const events = repository.issueEvents
    .filter((one) => one.issueNumber === issue.number)
    .map((one) => ({ at: one.createdAt, id: one.id, json: issueEventJson(sandbox, repository, one) }));
  const comments = [...repository.comments.values()]
    .filter((one) => one.issueNumber === issue.number)
    .map((one) => ({
      at: one.createdAt,
      id: one.id,
      json: {
        ...commentJson(sandbox, repository, one),
        event: 'commented',
        actor: userJson(sandbox, one.user),
      },
    }));
  const reviews = [...repository.reviews.values()]
    .filter((one) => one.pullNumber === issue.number && one.state !== 'PENDING')
    .map((one) => {
      const json = reviewJson(sandbox, repository, one);
      return {
        at: one.submittedAt,
        id: one.id,
        json: { ...json, event: 'reviewed', state: lower(one.state) },
      };
    });
  return [...events, ...comments, ...reviews]
    .sort((a, b) => a.at.localeCompare(b.at) || a.id - b.id)
    .map((one) => one.json);
}

function lower(state: string): string {
  return state.toLowerCase();
}
