import { requireRepository } from '../access.ts';
import type { RouteContext, Routes, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { resolveRef } from '../git.ts';
import { protectionJson, protectionUrl } from '../json-protection.ts';
import { ProtectionBody, readProtection } from '../protection-input.ts';
import { bodyOf, notFound, param } from '../route-input.ts';
import type { Repository } from '../state.ts';
import type { BranchProtection } from '../state-protection.ts';

const PATH = '/repos/:owner/:repo/branches/:branch{.+}/protection';

/** https://docs.github.com/en/rest/branches/branch-protection */
export const protectionRoutes: Routes = (app, sandbox) => {
  app.put(PATH, async (c: RouteContext) => {
    const repository = requireAdmin(c, sandbox, 'write');
    const branch = param(c, 'branch');
    if ((await resolveRef(repository.gitDir, `refs/heads/${branch}`)) === null)
      throw new GitHubError(404, 'Branch not found');
    const before = repository.protections.get(branch);
    const protection = readProtection(sandbox, repository, await bodyOf(c, ProtectionBody), before);
    repository.protections.set(branch, protection);
    return c.json(protectionJson(sandbox, repository, branch, protection));
  });
  app.get(PATH, (c: RouteContext) => {
    const { repository, branch, protection } = requireProtection(c, sandbox, 'read');
    return c.json(protectionJson(sandbox, repository, branch, protection));
  });
  app.delete(PATH, (c: RouteContext) => {
    const { repository, branch } = requireProtection(c, sandbox, 'write');
    repository.protections.delete(branch);
    return c.body(null, 204);
  });
  for (const part of ['required_status_checks', 'required_pull_request_reviews', 'restrictions'])
    addPart(app, sandbox, part);
  addSwitch(app, sandbox, 'enforce_admins', 'enforceAdmins');
  addSwitch(app, sandbox, 'required_signatures', 'requiredSignatures');
};

function requireAdmin(c: RouteContext, sandbox: SandboxContext, access: 'read' | 'write'): Repository {
  return requireRepository(c, sandbox, { permission: ['administration', access], role: 'admin' });
}

function requireProtection(
  c: RouteContext,
  sandbox: SandboxContext,
  access: 'read' | 'write',
): { repository: Repository; branch: string; protection: BranchProtection } {
  const repository = requireAdmin(c, sandbox, access);
  const branch = param(c, 'branch');
  const protection = repository.protections.get(branch);
  if (!protection) throw new GitHubError(404, 'Branch not protected');
  return { repository, branch, protection };
}

/** One part of a protection, on its own. */
function addPart(app: Parameters<Routes>[0], sandbox: SandboxContext, part: string): void {
  app.get(`${PATH}/${part}`, (c: RouteContext) => {
    const { repository, branch, protection } = requireProtection(c, sandbox, 'read');
    const json = protectionJson(sandbox, repository, branch, protection)[part];
    if (typeof json !== 'object' || json === null) throw notFound();
    return c.json(json);
  });
}

/** A part that is on or off: GET tells, POST switches on, DELETE off. */
function addSwitch(
  app: Parameters<Routes>[0],
  sandbox: SandboxContext,
  part: string,
  key: 'enforceAdmins' | 'requiredSignatures',
): void {
  const json = (repository: Repository, branch: string, protection: BranchProtection) => ({
    url: `${protectionUrl(sandbox, repository, branch)}/${part}`,
    enabled: protection[key],
  });
  app.get(`${PATH}/${part}`, (c: RouteContext) => {
    const { repository, branch, protection } = requireProtection(c, sandbox, 'read');
    return c.json(json(repository, branch, protection));
  });
  app.post(`${PATH}/${part}`, (c: RouteContext) => {
    const { repository, branch, protection } = requireProtection(c, sandbox, 'write');
    protection[key] = true;
    return c.json(json(repository, branch, protection));
  });
  app.delete(`${PATH}/${part}`, (c: RouteContext) => {
    requireProtection(c, sandbox, 'write').protection[key] = false;
    return c.body(null, 204);
  });
}
