import type { Approver } from '../gate-spec.ts';
import { hasRole } from '../role.ts';
import type { OwnedFile, ReviewerFact } from './facts.ts';

/** Whether a person is one of those whom an approver stands for. */
export function isApprover(
  approver: Approver,
  login: string,
  person: ReviewerFact,
  owned: readonly OwnedFile[],
): boolean {
  switch (approver.kind) {
    case 'role':
      return hasRole(person.role, approver.role);
    case 'user':
      return keyOf(approver.login) === keyOf(login);
    case 'team':
      return includesName(person.teams, `${approver.organization}/${approver.slug}`);
    case 'codeowners':
      return owned.some(({ owners }) => ownsAny(owners, login, person));
  }
}

/** Whether a person is one of these owners, or in a team of them. */
export function ownsAny(owners: readonly string[], login: string, person: ReviewerFact): boolean {
  return includesName(owners, login) || person.teams.some((team) => includesName(owners, team));
}

/** An approver as people say it. */
export function describeApprover(approver: Approver): string {
  switch (approver.kind) {
    case 'role':
      return approver.role === 'write'
        ? 'people with write access'
        : `people with the role ${approver.role}${approver.role === 'maintain' ? ' or admin' : ''}`;
    case 'user':
      return approver.login;
    case 'team':
      return `team ${approver.organization}/${approver.slug}`;
    case 'codeowners':
      return 'code owners';
  }
}

/** Logins and team names differ in case only by how people write them. */
export function includesName(names: readonly string[], name: string): boolean {
  return names.some((each) => keyOf(each) === keyOf(name));
}

/** What tells a login from others. */
export function keyOf(login: string): string {
  return login.toLowerCase();
}
