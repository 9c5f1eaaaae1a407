import { z } from 'zod';
import { actingUser, roleOf } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { requireDiscussions, requireIssue } from '../issue-access.ts';
import { changeLabel, emitLabelChange, ensureLabel, removeLabel, setLabels } from '../issue-labels.ts';
import { labelJson, labelsJson } from '../json-issue.ts';
import { paginate } from '../paginate.ts';
import { atLeast } from '../people.ts';
import { actingAppId, bodyOf, notFound, numberParam, param, validationFailed } from '../route-input.ts';
import type { Issue, Label, Repository } from '../state.ts';
import { labelNames } from './issues.ts';

const Names = z.array(z.union([z.string().min(1), z.object({ name: z.string().min(1) })]));
/** `{"labels": [...]}`; the bare list is accepted too. */
const AddBody = z.union([z.object({ labels: Names }), Names]);
const NewLabel = z.object({
  name: z.string().min(1).max(50),
  color: z
    .string()
    .regex(/^[0-9a-fA-F]{6}$/)
    .optional(),
  description: z.string().max(100).nullish(),
});

const LabelUpdate = NewLabel.omit({ name: true }).extend({ new_name: z.string().min(1).max(50).optional() });

/** https://docs.github.com/en/rest/issues/labels */
export const labelRoutes: Routes = (app, sandbox) => {
  const repo = '/repos/:owner/:repo';
  app.get(`${repo}/labels`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    const labels = paginate(c, [...repository.labels.values()]);
    return c.json(labels.map((label) => labelJson(sandbox, repository, label)));
  });
  app.post(`${repo}/labels`, async (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'write');
    requireTriage(c, sandbox, repository);
    const input = await bodyOf(c, NewLabel);
    if (repository.labels.has(input.name.toLowerCase()))
      throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' });
    const label = ensureLabel(sandbox, repository, input);
    emitLabelChange(sandbox, repository, label, { action: 'created', sender: actingUser(c) });
    return c.json(labelJson(sandbox, repository, label), 201);
  });
  app.get(`${repo}/labels/:name`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    return c.json(labelJson(sandbox, repository, requireLabel(c, repository)));
  });
  app.patch(`${repo}/labels/:name`, async (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'write');
    requireTriage(c, sandbox, repository);
    const label = requireLabel(c, repository);
    const { new_name: name, ...rest } = await bodyOf(c, LabelUpdate);
    if (name && name.toLowerCase() !== label.name.toLowerCase() && repository.labels.has(name.toLowerCase()))
      throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' });
    changeLabel(sandbox, repository, label, { name, ...rest }, actingUser(c));
    return c.json(labelJson(sandbox, repository, label));
  });
  app.delete(`${repo}/labels/:name`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'write');
    requireTriage(c, sandbox, repository);
    removeLabel(sandbox, repository, requireLabel(c, repository), actingUser(c));
    return c.body(null, 204);
  });
  app.get(`${repo}/issues/:number/labels`, (c: RouteContext) => {
    const repository = requireDiscussions(c, sandbox, 'read');
    const issue = requireIssue(c, repository, numberParam(c, 'number'));
    return c.json(paginate(c, labelsJson(sandbox, repository, issue)));
  });
  app.post(`${repo}/issues/:number/labels`, async (c: RouteContext) => {
    const { repository, issue } = requireLabelling(c, sandbox);
    const body = await bodyOf(c, AddBody);
    const names = labelNames(Array.isArray(body) ? body : body.labels);
    await setLabels(sandbox, repository, issue, [...issue.labels, ...names], actingUser(c));
    return c.json(labelsJson(sandbox, repository, issue));
  });
  app.put(`${repo}/issues/:number/labels`, async (c: RouteContext) => {
    const { repository, issue } = requireLabelling(c, sandbox);
    const body = await bodyOf(c, AddBody);
    const names = labelNames(Array.isArray(body) ? body : body.labels);
    await setLabels(sandbox, repository, issue, names, actingUser(c));
    return c.json(labelsJson(sandbox, repository, issue));
  });
  app.delete(`${repo}/issues/:number/labels`, async (c: RouteContext) => {
    const { repository, issue } = requireLabelling(c, sandbox);
    await setLabels(sandbox, repository, issue, [], actingUser(c));
    return c.body(null, 204);
  });
  app.delete(`${repo}/issues/:number/labels/:name`, async (c: RouteContext) => {
    const { repository, issue } = requireLabelling(c, sandbox);
    const name = param(c, 'name').toLowerCase();
    const rest = issue.labels.filter((one) => one.toLowerCase() !== name);
    if (rest.length === issue.labels.length) throw new GitHubError(404, 'Label does not exist');
    await setLabels(sandbox, repository, issue, rest, actingUser(c));
    return c.json(labelsJson(sandbox, repository, issue));
  });
};

function requireLabel(c: RouteContext, repository: Repository): Label {
  const label = repository.labels.get(param(c, 'name').toLowerCase());
  if (!label) throw notFound();
  return label;
}

function requireLabelling(
  c: RouteContext,
  sandbox: SandboxContext,
): { repository: Repository; issue: Issue } {
  const repository = requireDiscussions(c, sandbox, 'write');
  requireTriage(c, sandbox, repository);
  return { repository, issue: requireIssue(c, repository, numberParam(c, 'number'), 'write') };
}

function requireTriage(c: RouteContext, sandbox: SandboxContext, repository: Repository): void {
  const user = actingUser(c);
  if (actingAppId(c) === null && !atLeast(roleOf(sandbox, repository, user.login), 'triage'))
    throw new GitHubError(403, 'Must have triage access to Repository.');
}
