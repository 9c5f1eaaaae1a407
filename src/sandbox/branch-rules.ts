import picomatch from 'picomatch';
import type { RuleActor } from './bypass.ts';
import type { SandboxContext } from './context.ts';
import { peopleOf } from './people.ts';
import type { BranchRules, QueueDemand } from './rule-demands.ts';
import { rulesOfClassic } from './rules-of-classic.ts';
import { rulesOfRuleset } from './rules-of-ruleset.ts';
import type { Repository } from './state.ts';
import type { Ruleset } from './state-protection.ts';

/** Everything that protects a branch, classic protection first. All of it must be satisfied, so the strictest wins. */
export function branchRules(sandbox: SandboxContext, repository: Repository, branch: string): BranchRules[] {
  const classic = repository.protections.get(branch);
  const rulesets = rulesetsFor(sandbox, repository, branch).map(rulesOfRuleset);
  return classic ? [rulesOfClassic(classic), ...rulesets] : rulesets;
}

/** Whether a push to the head of a pull request into this branch takes its approvals away. */
export function dismissesStaleReviews(
  sandbox: SandboxContext,
  repository: Repository,
  branch: string,
): boolean {
  return branchRules(sandbox, repository, branch).some((rules) => rules.reviews?.dismissStale === true);
}

/** Whether protection lets the actor dismiss reviews there, who has write access; administrators always may. */
export function mayDismissReviews(
  sandbox: SandboxContext,
  repository: Repository,
  branch: string,
  { login, appId }: RuleActor,
): boolean {
  const people = peopleOf(sandbox, repository);
  return branchRules(sandbox, repository, branch).every(
    ({ dismissal }) =>
      dismissal === null ||
      (appId === null && people.role(login) === 'admin') ||
      people.isListed(dismissal, login, appId),
  );
}

/** The merge queue that a branch must be changed through; null when it has none. */
export function queueOf(sandbox: SandboxContext, repository: Repository, branch: string): QueueDemand | null {
  return branchRules(sandbox, repository, branch).find((rules) => rules.queue !== null)?.queue ?? null;
}

/** Active rulesets of the repository and of its organisation whose conditions match the branch. */
export function rulesetsFor(sandbox: SandboxContext, repository: Repository, branch: string): Ruleset[] {
  return allRulesets(sandbox, repository).filter((ruleset) => {
    if (ruleset.enforcement !== 'active') return false;
    const { include, exclude } = ruleset.conditions.ref_name;
    const matches = (pattern: string) => matchesBranch(pattern, repository, branch);
    return include.some(matches) && !exclude.some(matches);
  });
}

/** Rulesets that are about the repository, whatever their branches and whether they are enforced. */
export function allRulesets(sandbox: SandboxContext, repository: Repository): Ruleset[] {
  const organization = sandbox.state.organizations.get(repository.owner);
  const above = [...(organization?.rulesets?.values() ?? [])];
  return [...repository.rulesets.values(), ...above.filter((one) => isAbout(one, repository))];
}

function isAbout(ruleset: Ruleset, repository: Repository): boolean {
  const { repository_id: ids, repository_name: names } = ruleset.conditions;
  if (ids) return ids.repository_ids.includes(repository.id);
  if (!names) return false;
  const matches = (pattern: string) => pattern === '~ALL' || glob(pattern)(repository.name);
  return names.include.some(matches) && !names.exclude.some(matches);
}

function matchesBranch(pattern: string, repository: Repository, branch: string): boolean {
  if (pattern === '~ALL') return true;
  if (pattern === '~DEFAULT_BRANCH') return branch === repository.defaultBranch;
  return glob(pattern)(`refs/heads/${branch}`);
}

function glob(pattern: string): (text: string) => boolean {
  return picomatch(pattern, { nobrace: true, noextglob: true, dot: true });
}
