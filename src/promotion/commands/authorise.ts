import type { PermissionName } from '../../domain/commands/table.ts';
import { describePermission, type Permission } from '../../domain/permission.ts';
import { hasRole, type Role } from '../../domain/role.ts';
import { targetKey } from '../../domain/target.ts';
import { code, plain } from '../markdown.ts';
import { type PersonReader, readPermitted } from '../observe/read-permitted.ts';
import type { Candidate, Snapshot } from '../snapshot.ts';

/** What is asked for, and how people know it: `/override`, **Hold**. */
export interface Asked {
  name: PermissionName;
  shown: string;
}

/** An application in an environment, on the terms that hold for it there. */
export type AskedPlace = Pick<Candidate, 'application' | 'environment'>;

/** Tells what one person may, by what GitHub says of the person at this moment. Each method throws when it says nothing. */
export interface Authoriser {
  /** Why the person may do this nowhere; null when there may be a place for it. */
  refuseAnywhere(asked: Asked): Promise<string | null>;
  /**
   * Why the person may not do this in all of these places; null when it is allowed. Without any place, what holds for all
   * environments decides.
   */
  refuse(asked: Asked, places: readonly AskedPlace[]): Promise<string | null>;
}

type Known = Pick<Snapshot, 'base' | 'settings' | 'targets'>;

/** The one place that decides who may do something: commands, buttons and check boxes all ask here. */
export function makeAuthoriser(
  reader: PersonReader,
  { base, settings, targets }: Known,
  login: string,
): Authoriser {
  const usual = settings.permissions;
  const permissionAt = ({ environment }: AskedPlace, name: PermissionName): Permission =>
    environment.permissions?.[name] ?? usual[name];

  const pathsOf = (places: readonly AskedPlace[]): string[] => {
    const keys = new Set(places.map(({ application, environment }) => keyOf(application, environment.name)));
    return targets
      .filter(({ location }) => keys.has(targetKey(location)))
      .flatMap(({ texts }) => [...texts.keys()]);
  };

  const explain = async (shown: string, permission: Permission, where: string): Promise<string> => {
    const role = await reader.readRole(login);
    return `${shown}${where} needs ${describePermission(permission)}, and ${code(login)} has **${role}**.`;
  };

  const refuse: Authoriser['refuse'] = async ({ name, shown }, places) => {
    if (places.length === 0) {
      const isAllowed = await readPermitted(reader, base, usual[name], login, []);
      return isAllowed ? null : explain(shown, usual[name], '');
    }
    for (const { permission, members } of groupBy(places, (place) => permissionAt(place, name))) {
      if (await readPermitted(reader, base, permission, login, pathsOf(members))) continue;
      const isUsual = permission === usual[name];
      return explain(shown, permission, isUsual ? '' : ` in **${plain(members[0]!.environment.name)}**`);
    }
    return null;
  };

  return {
    refuse,
    async refuseAnywhere({ name, shown }) {
      const stated = [...settings.environments, ...settings.overrides.map(({ terms }) => terms)];
      const all = [usual, ...stated.map(({ permissions = {} }) => permissions)].flatMap(
        (each) => each[name] ?? [],
      );
      // Whoever is not named by a role may be a member of a team, or own some files.
      if (all.some(({ kind }) => kind !== 'role')) return null;
      const role = await reader.readRole(login);
      const isAllowed = all.some((grantee) => grantee.kind === 'role' && hasRole(role, grantee.role));
      return isAllowed ? null : explain(shown, usual[name], '');
    },
  };
}

function keyOf(application: string, environment: string): string {
  return targetKey({ application, environment });
}

/** Thousands of places share a permission or two. */
function groupBy(
  places: readonly AskedPlace[],
  permissionOf: (place: AskedPlace) => Permission,
): { permission: Permission; members: AskedPlace[] }[] {
  const groups = new Map<Permission, AskedPlace[]>();
  for (const place of places) {
    const permission = permissionOf(place);
    const members = groups.get(permission);
    if (members) members.push(place);
    else groups.set(permission, [place]);
  }
  return [...groups].map(([permission, members]) => ({ permission, members }));
}

/** Without a config that can be used: the least role that does no harm. */
export async function refuseRole(
  reader: Pick<PersonReader, 'readRole'>,
  login: string,
  shown: string,
  least: Role,
): Promise<string | null> {
  const role = await reader.readRole(login);
  return hasRole(role, least)
    ? null
    : `${shown} needs ${describePermission([{ kind: 'role', role: least }])}, and ${code(login)} has **${role}**.`;
}
