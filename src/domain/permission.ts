import type { PermissionName } from './commands/table.ts';
import type { Approver } from './gate-spec.ts';
import { isApprover } from './gates/approvers.ts';
import type { OwnedFile, ReviewerFact } from './gates/facts.ts';
import { hasRole, type Role } from './role.ts';

/** Whom the config lets do something: those with at least a role, code owners, a person, or the members of a team. */
export type Grantee = Exclude<Approver, { kind: 'role' }> | { kind: 'role'; role: Role };

/** Any of these. */
export type Permission = readonly Grantee[];

/** For each thing that a person may be let do. */
export type Permissions = Readonly<Record<PermissionName, Permission>>;

/**
 * Whether a person is one of those. Code owners must own every file that has an owner, and at least one, and as on
 * GitHub they count only with write access.
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function isPermitted(
  permission: Permission,
  login: string,
  person: ReviewerFact,
  files: readonly OwnedFile[],
): boolean {
  return permission.some((grantee) => {
    if (grantee.kind === 'role') return hasRole(person.role, grantee.role);
    if (grantee.kind !== 'codeowners') return isApprover(grantee, login, person, []);
    const owned = files.filter(({ owners }) => owners.length > 0);
    const isOwner = (file: OwnedFile) => isApprover(grantee, login, person, [file]);
    return hasRole(person.role, 'write') && owned.length > 0 && owned.every(isOwner);
  });
}

/** Whom a permission names, for people: Markdown. */
export function describePermission(permission: Permission): string {
  const [only] = permission;
  if (permission.length === 1 && only?.kind === 'role') return `the role **${only.role}** on this repository`;
  return permission.map(describeGrantee).join(' or ');
}

function describeGrantee(grantee: Grantee): string {
  switch (grantee.kind) {
    case 'role':
      return `the role **${grantee.role}**`;
    case 'codeowners':
      return 'a code owner of its files';
    case 'user':
      return `the user \`${grantee.login}\``;
    case 'team':
      return `a member of the team \`${grantee.organization}/${grantee.slug}\``;
  }
}
