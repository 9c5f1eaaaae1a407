import { z } from 'zod';
import { PERMISSIONS, type PermissionName } from '../domain/commands/table.ts';
import type { Grantee, Permission, Permissions } from '../domain/permission.ts';
import { hasRole, ROLES, type Role } from '../domain/role.ts';
import { checkGrantee } from './check-text.ts';
import { list, section, text, toList } from './schema-parts.ts';

type Written = string | readonly string[];

const NAMES = Object.keys(PERMISSIONS) as PermissionName[];

/** Any of those who may do something, as a role alone or as a list. */
function grantees(name: PermissionName) {
  const { least } = PERMISSIONS[name];
  const roles = ROLES.filter((role) => role !== 'none' && hasRole(role, least));
  return z.union([z.enum(roles), list(text(150, checkGrantee(roles)), 20)], {
    error: `write a role (${roles.join(', ')}), or a list of roles, \`codeowners\`, \`user:LOGIN\` and \`team:ORGANIZATION/TEAM\``,
  });
}

function keysOf<Key extends z.ZodType>(keyOf: (name: PermissionName) => Key): Record<PermissionName, Key> {
  return Object.fromEntries(NAMES.map((name) => [name, keyOf(name)])) as Record<PermissionName, Key>;
}

const describe = (name: PermissionName) => `Who may use ${PERMISSIONS[name].about}.`;

/** Who may do what, wherever an environment does not say otherwise. */
export const commands = section(
  keysOf((name) =>
    grantees(name)
      .default(PERMISSIONS[name].usual)
      .meta({ description: describe(name) }),
  ),
)
  .optional()
  .meta({
    description:
      'Who may use commands in comments, buttons and check boxes: a least role on this repository, or a list of such roles, `codeowners`, `user:LOGIN` and `team:ORGANIZATION/TEAM`, of which any is enough.',
    examples: [{ promote: 'maintain', override: ['admin', 'team:acme/sre'] }],
  });

/** The same in one environment. */
export const environmentCommands = section(
  keysOf((name) =>
    grantees(name)
      .optional()
      .meta({ description: describe(name) }),
  ),
)
  .optional()
  .meta({
    description:
      'Who may use commands about this environment, in place of what `commands` at the top level says. What is not named here stays as it is there.',
    examples: [{ promote: ['team:acme/release-managers'] }],
  });

/** Those of one environment. */
export function toPermissions(written: Partial<Record<PermissionName, Written>>): Partial<Permissions> {
  return Object.fromEntries(
    Object.entries(written).flatMap(([name, who]) => (who === undefined ? [] : [[name, toPermission(who)]])),
  );
}

/** With the usual ones where nothing is said. */
export function toAllPermissions(written: Partial<Record<PermissionName, Written>> = {}): Permissions {
  return keysOfPermissions((name) => toPermission(written[name] ?? PERMISSIONS[name].usual));
}

function keysOfPermissions(permissionOf: (name: PermissionName) => Permission): Permissions {
  return Object.fromEntries(NAMES.map((name) => [name, permissionOf(name)])) as Permissions;
}

function toPermission(written: Written): Permission {
  return toList(written).map(toGrantee);
}

function toGrantee(text: string): Grantee {
  if (text === 'codeowners') return { kind: 'codeowners' };
  const [kind = '', name = ''] = text.split(':');
  if (kind === 'user') return { kind, login: name };
  if (kind === 'team') {
    const [organization = '', slug = ''] = name.split('/');
    return { kind, organization, slug };
  }
  return { kind: 'role', role: (kind === 'role' ? name : text) as Role };
}
