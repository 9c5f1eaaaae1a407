import { organizationUrls, userUrls } from './account-urls.ts';
import type { SandboxContext } from './context.ts';
import { repositoryUrls } from './repository-urls.ts';
import type { App, Installation, Permissions, Repository } from './state.ts';

/** GitHub's opaque id for GraphQL: here the kind and the number. */
export function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}${id}`).toString('base64');
}

function account(sandbox: SandboxContext, login: string): { id: number; login: string; type: string } {
  const { users, organizations } = sandbox.state;
  const organization = organizations.get(login);
  if (organization !== undefined)
    return { id: organization.id, login: organization.login, type: 'Organization' };
  // What nobody owns any more belongs to GitHub's user "ghost".
  return users.get(login) ?? { id: 10137, login: 'ghost', type: 'User' };
}

/** JSON of a simple user (or organisation, or bot), as GitHub embeds it everywhere. */
export function userJson(sandbox: SandboxContext, login: string): Record<string, unknown> {
  const { id, login: name, type } = account(sandbox, login);
  const api = `${sandbox.url()}/users/${encodeURIComponent(name)}`;
  const page = type === 'Bot' ? `apps/${name.replace(/\[bot\]$/, '')}` : name;
  return {
    login: name,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${sandbox.url()}/avatars/u/${id}`,
    gravatar_id: '',
    ...userUrls(api),
    html_url: `${sandbox.url()}/${page}`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

const NOREPLY = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/;

/** The user whose address this is, as GitHub finds the author of a commit; null when it is nobody's. */
export function userByEmail(sandbox: SandboxContext, email: string): Record<string, unknown> | null {
  const login = email === 'noreply@github.com' ? 'web-flow' : NOREPLY.exec(email)?.[1];
  const known = login !== undefined && sandbox.state.users.has(login);
  return known ? userJson(sandbox, login) : null;
}

/** JSON of a repository as embedded in payloads and answers. */
export function repositoryJson(sandbox: SandboxContext, repository: Repository): Record<string, unknown> {
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const page = `${sandbox.url()}/${repository.fullName}`;
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: userJson(sandbox, repository.owner),
    description: null,
    fork: repository.forkOf !== null,
    ...repositoryUrls(api, page),
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    size: 0,
    ...countsOf(sandbox, repository),
    visibility: repository.private ? 'private' : 'public',
    default_branch: repository.defaultBranch,
    archived: false,
    disabled: false,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    is_template: false,
    topics: [],
  };
}

/** Pull requests are issues too; nobody stars or watches anything here. */
function countsOf(sandbox: SandboxContext, repository: Repository): Record<string, number> {
  const open = [...repository.issues.values()].filter((issue) => issue.state === 'open').length;
  const forks = [...sandbox.state.repositories.values()].filter(
    (one) => one.forkOf === repository.fullName,
  ).length;
  return {
    forks_count: forks,
    forks,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    open_issues_count: open,
    open_issues: open,
  };
}

/** JSON of an organisation as payloads carry it. */
export function organizationJson(sandbox: SandboxContext, login: string): Record<string, unknown> {
  const { id, node_id, avatar_url } = userJson(sandbox, login);
  const urls = organizationUrls(`${sandbox.url()}/orgs/${login}`);
  return { login, id, node_id, ...urls, avatar_url, description: null };
}

/** JSON of an App, as in `GET /app` and a check run's `app`. */
export function appJson(sandbox: SandboxContext, app: App): Record<string, unknown> {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('Integration', app.id),
    owner: userJson(sandbox, app.botLogin),
    name: app.name,
    description: '',
    external_url: sandbox.url(),
    html_url: `${sandbox.url()}/apps/${app.slug}`,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    permissions: withMetadata(app.permissions),
    events: app.events,
  };
}

/** Every App may read metadata, asked for or not. */
export function withMetadata(permissions: Permissions): Permissions {
  return { metadata: 'read', ...permissions };
}

/** JSON of an installation, as the API and the `installation` webhook give it. */
export function installationJson(
  sandbox: SandboxContext,
  installation: Installation,
): Record<string, unknown> {
  const app = sandbox.state.apps.get(installation.appId);
  const owner = userJson(sandbox, installation.account);
  const api = `${sandbox.url()}/app/installations/${installation.id}`;
  return {
    id: installation.id,
    account: owner,
    repository_selection: installation.repositoryIds === undefined ? 'all' : 'selected',
    access_tokens_url: `${api}/access_tokens`,
    repositories_url: `${sandbox.url()}/installation/repositories`,
    html_url: `${sandbox.url()}/settings/installations/${installation.id}`,
    app_id: installation.appId,
    app_slug: app?.slug ?? '',
    target_id: owner.id,
    target_type: owner.type,
    permissions: withMetadata(installation.permissions),
    events: app?.events ?? [],
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    single_file_name: null,
    suspended_at: installation.suspendedAt,
    suspended_by: null,
  };
}
