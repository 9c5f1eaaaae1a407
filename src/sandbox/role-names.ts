import { ROLES, type Role } from './state.ts';

/** GitHub's older names of the roles, which `permissions` and the collaborators API still use. */
export const PERMISSION_NAMES: Record<string, Role> = {
  pull: 'read',
  triage: 'triage',
  push: 'write',
  maintain: 'maintain',
  admin: 'admin',
};

/** The older name of a role: `push` for `write`. */
export function permissionName(role: Role): string {
  return Object.keys(PERMISSION_NAMES).find((name) => PERMISSION_NAMES[name] === role) ?? 'pull';
}

/** `permission` of the collaborators API, which knows neither `triage` nor `maintain`. */
export function legacyPermission(role: Role): string {
  if (role === 'maintain') return 'write';
  return role === 'triage' ? 'read' : role;
}

/** A role as the list of all that it allows: `{pull: true, push: false ...}`. */
export function permissionsOf(role: Role): Record<string, boolean> {
  const reached = ROLES.indexOf(role);
  const entries = Object.entries(PERMISSION_NAMES).map(([name, least]) => [
    name,
    ROLES.indexOf(least) <= reached,
  ]);
  return Object.fromEntries(entries) as Record<string, boolean>;
}
