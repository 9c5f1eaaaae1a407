import { roleOf } from './access.ts';
import type { SandboxContext } from './context.ts';
import { type Repository, ROLES, type Role, type Team } from './state.ts';
import type { Allowed } from './state-protection.ts';

/** Who may do what: all that protection needs to know about people. */
export interface People {
  /** Role of a person on the repository; `none` for Apps. */
  role(login: string): Role;
  isBot(login: string): boolean;
  teamById(id: number): Team | null;
  teamBySlug(organization: string, slug: string): Team | null;
  isOrganizationOwner(login: string): boolean;
  /** -1 when there is no such user. */
  userId(login: string): number;
  /** Whether the list names the person, one of their teams, or the App that acts. */
  isListed(allowed: Allowed, login: string, appId: number | null): boolean;
}

/** The people of the sandbox, seen from one repository. */
export function peopleOf(sandbox: SandboxContext, repository: Repository): People {
  const organization = sandbox.state.organizations.get(repository.owner);
  const teams = [...sandbox.state.organizations.values()].flatMap((one) => [...one.teams.values()]);
  return {
    role: (login) => roleOf(sandbox, repository, login),
    isBot: (login) => sandbox.state.users.get(login)?.type === 'Bot',
    teamById: (id) => teams.find((team) => team.id === id) ?? null,
    teamBySlug: (owner, slug) =>
      [...sandbox.state.organizations.values()]
        .find((one) => one.login.toLowerCase() === owner.toLowerCase())
        ?.teams.get(slug) ?? null,
    isOrganizationOwner: (login) => organization?.owners?.has(login) === true,
    userId: (login) => sandbox.state.users.get(login)?.id ?? -1,
    isListed: (allowed, login, appId) =>
      appId === null
        ? allowed.users.includes(login) ||
          allowed.teams.some((slug) => organization?.teams.get(slug)?.members.has(login))
        : allowed.apps.includes(sandbox.state.apps.get(appId)?.slug ?? ''),
  };
}

export function atLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** Apps are left out on purpose: their approval must never stand in for a person's. */
export function isWriter(people: People, login: string): boolean {
  return !people.isBot(login) && atLeast(people.role(login), 'write');
}
