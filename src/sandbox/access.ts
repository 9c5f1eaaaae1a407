import type { RouteContext, SandboxContext } from './context.ts';
import { GitHubError, notFound } from './errors.ts';
import {
  type Actor,
  type Installation,
  type Permissions,
  type Repository,
  ROLES,
  type Role,
  type State,
  type User,
} from './state.ts';

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** A repository by owner and name; case does not matter, as on GitHub. */
export function findRepository(state: State, owner: string, name: string): Repository | undefined {
  const exact = state.repositories.get(`${owner}/${name}`);
  return exact ?? [...state.repositories.values()].find((item) => same(item.fullName, `${owner}/${name}`));
}

export function roleAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/**
 * Role of a user on a repository: the highest of owner, collaborator, team, and what the organisation
 * gives (owners `admin`, members `read`); `read` for everyone when it is public.
 */
export function roleOf(sandbox: SandboxContext, repository: Repository, login: string): Role {
  const roles: Role[] = [repository.private ? 'none' : 'read'];
  if (same(repository.owner, login)) roles.push('admin');
  for (const [name, role] of repository.collaborators) if (same(name, login)) roles.push(role);
  const organization = sandbox.state.organizations.get(repository.owner);
  const isIn = (logins: Iterable<string> | undefined) =>
    [...(logins ?? [])].some((name) => same(name, login));
  if (isIn(organization?.owners)) roles.push('admin');
  if (isIn(organization?.members)) roles.push('read');
  for (const [slug, role] of repository.teams) {
    if (isIn(organization?.teams.get(slug)?.members)) roles.push(role);
  }
  return roles.reduce((best, role) => (roleAtLeast(role, best) ? role : best));
}

/** Whether permissions allow a thing; `write` includes `read`, and everyone has `metadata: read`. */
export function allows(permissions: Permissions, name: string, access: 'read' | 'write'): boolean {
  if (name === 'metadata' && access === 'read') return true;
  return permissions[name] === 'write' || permissions[name] === access;
}

/** Whether an installation is on the repository. */
export function isInstalledOn(installation: Installation, repository: Repository): boolean {
  if (!same(installation.account, repository.owner)) return false;
  return installation.repositoryIds?.includes(repository.id) ?? true;
}

/** Whether the token of an installation covers the repository. */
export function covers(actor: Extract<Actor, { kind: 'installation' }>, repository: Repository): boolean {
  if (!isInstalledOn(actor.installation, repository)) return false;
  return actor.repositoryIds === undefined || actor.repositoryIds.includes(repository.id);
}

export interface Need {
  permission?: [name: string, access: 'read' | 'write'];
  /** Least role of a user; `read` when left out. */
  role?: Role;
}

/** @throws GitHubError when the actor may not do on the repository what it needs. */
export function authorize(sandbox: SandboxContext, actor: Actor, repository: Repository, need: Need): void {
  if (actor.kind === 'user') {
    authorizeUser(roleOf(sandbox, repository, actor.user.login), need.role ?? 'read');
  } else if (actor.kind === 'installation' && covers(actor, repository)) {
    const [name, access] = need.permission ?? ['metadata', 'read'];
    if (!allows(actor.permissions, name, access)) throw inaccessible();
  } else {
    authorizeStranger(actor, repository, need);
  }
}

/** Whoever has no role: may read what is public. */
function authorizeStranger(actor: Actor, repository: Repository, need: Need): void {
  if (repository.private) throw notFound();
  const reads = need.permission?.[1] !== 'write' && !roleAtLeast(need.role ?? 'read', 'triage');
  if (actor.kind === 'app') throw inaccessible();
  if (reads) return;
  throw actor.kind === 'anonymous' ? new GitHubError(401, 'Requires authentication') : inaccessible();
}

/** GitHub's answer when an App lacks a permission. */
export function inaccessible(): GitHubError {
  return new GitHubError(403, 'Resource not accessible by integration');
}

function authorizeUser(role: Role, least: Role): void {
  if (role === 'none') throw notFound();
  if (roleAtLeast(role, least)) return;
  const message =
    least === 'admin' ? 'Must have admin rights to Repository.' : `Must have ${least} access to Repository.`;
  throw new GitHubError(403, message);
}

/**
 * The repository of the path (`:owner`, `:repo`), when the actor may do what it needs there.
 * @throws GitHubError 404 when it is not there or private to the actor, 401 or 403 when the actor may see it but not do this.
 */
export function requireRepository(c: RouteContext, sandbox: SandboxContext, need: Need): Repository {
  const repository = findRepository(sandbox.state, c.req.param('owner') ?? '', c.req.param('repo') ?? '');
  if (repository === undefined) throw notFound();
  authorize(sandbox, c.get('actor'), repository, need);
  return repository;
}

/** The user behind an actor; the bot user for an installation. @throws GitHubError 401 when anonymous. */
export function actingUser(c: RouteContext): User {
  const actor = c.get('actor');
  if (actor.kind === 'anonymous') throw new GitHubError(401, 'Requires authentication');
  if (actor.kind === 'app') throw inaccessible();
  return actor.user;
}
