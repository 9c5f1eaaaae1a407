import type { People } from './people.ts';
import { atLeast } from './people.ts';
import type { Role } from './state.ts';
import type { Ruleset } from './state-protection.ts';

/** Who pushes or merges: a person, or an App through its bot. */
export interface RuleActor {
  login: string;
  appId: number | null;
}

/** Ids of the roles that every repository has, as the rulesets API numbers them. */
const REPOSITORY_ROLES: Record<number, Role> = { 2: 'maintain', 4: 'write', 5: 'admin' };

/**
 * Whether the rules of a ruleset do not hold for the actor. Bypass is for a whole ruleset, and `pull_request`
 * lets through merges only:
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#granting-bypass-permissions-for-your-branch-or-tag-ruleset
 */
export function bypasses(
  ruleset: Ruleset,
  actor: RuleActor,
  people: People,
  how: 'push' | 'pull_request',
): boolean {
  return ruleset.bypassActors.some(
    (one) => (one.bypass_mode !== 'pull_request' || how === 'pull_request') && isActor(one, actor, people),
  );
}

function isActor(
  bypass: { actor_id: number | null; actor_type: string },
  actor: RuleActor,
  people: People,
): boolean {
  const id = bypass.actor_id ?? -1;
  if (bypass.actor_type === 'Integration') return actor.appId === id;
  if (actor.appId !== null) return false;
  if (bypass.actor_type === 'User') return people.userId(actor.login) === id;
  if (bypass.actor_type === 'OrganizationAdmin') return people.isOrganizationOwner(actor.login);
  if (bypass.actor_type === 'Team') return people.teamById(id)?.members.has(actor.login) === true;
  const least = bypass.actor_type === 'RepositoryRole' ? REPOSITORY_ROLES[id] : undefined;
  return least !== undefined && atLeast(people.role(actor.login), least);
}
