import type { OwnedFile } from '../../domain/gates/facts.ts';
import { isPermitted, type Permission } from '../../domain/permission.ts';
import type { RepositoryReader } from '../ports/repository.ts';
import type { Base } from '../snapshot.ts';
import { findOwners } from './observe-owners.ts';

/** What is asked of GitHub to tell who somebody is. */
export type PersonReader = Pick<RepositoryReader, 'readRole' | 'isTeamMember' | 'readText'>;

/**
 * Whether a person is one of those whom a permission names, as GitHub tells it at this moment. Asks for teams and owners
 * only where the person's role and name do not settle it. `paths` are the files that code owners must own.
 *
 * @throws when GitHub does not answer: nobody is let do anything then
 */
export async function readPermitted(
  reader: PersonReader,
  base: Base,
  permission: Permission,
  login: string,
  paths: readonly string[],
): Promise<boolean> {
  const role = await reader.readRole(login);
  if (isPermitted(permission, login, { role, teams: [] }, [])) return true;
  const files = permission.some(({ kind }) => kind === 'codeowners')
    ? await readOwners(reader, base, paths)
    : [];
  const teams = await filterTeams(reader, teamsOf(permission, files), login);
  return isPermitted(permission, login, { role, teams }, files);
}

/** Without a CODEOWNERS file nobody is an owner. */
async function readOwners(
  reader: PersonReader,
  base: Base,
  paths: readonly string[],
): Promise<readonly OwnedFile[]> {
  const owners = await findOwners(reader, base, paths);
  return owners.known ? owners.value : [];
}

function teamsOf(permission: Permission, files: readonly OwnedFile[]): string[] {
  const named = permission.flatMap((grantee) =>
    grantee.kind === 'team' ? [`${grantee.organization}/${grantee.slug}`] : [],
  );
  const owning = files.flatMap(({ owners }) => owners.filter((owner) => owner.includes('/')));
  return [...new Set([...named, ...owning])];
}

/** Those of the teams, each as `org/slug`, that a person is a member of. */
export async function filterTeams(
  reader: Pick<RepositoryReader, 'isTeamMember'>,
  teams: readonly string[],
  login: string,
): Promise<string[]> {
  const memberships = await Promise.all(
    teams.map(async (team) => {
      const [organization, slug] = team.split('/') as [string, string];
      return (await reader.isTeamMember(organization, slug, login)) ? team : null;
    }),
  );
  return memberships.filter((team) => team !== null);
}
