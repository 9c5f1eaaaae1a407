import { CODEOWNERS_PATHS, ownersOf, parseCodeOwners } from './codeowners.ts';
import type { SandboxContext } from './context.ts';
import { readFileAt } from './git.ts';
import { userJson } from './json.ts';
import { requestedTeamJson } from './json-pull.ts';
import { atLeast, isWriter, peopleOf } from './people.ts';
import { baseTip, issueOf, pullFiles, touchedPaths } from './pull-git.ts';
import { emitPull } from './pull-requests.ts';
import type { PullRequest, Repository, User } from './state.ts';

/**
 * Asks the owners of what a pull request changes for a review, when it is opened or is no draft any more:
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#about-code-owners
 */
export async function requestCodeOwners(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  sender: User,
): Promise<void> {
  if (pull.draft) return;
  for (const owner of await changedOwners(repository, pull)) {
    const [organization = '', slug] = owner.slice(1).split('/');
    if (slug === undefined) await askPerson(sandbox, repository, pull, owner.slice(1), sender);
    else if (organization.toLowerCase() === repository.owner.toLowerCase())
      await askTeam(sandbox, repository, pull, slug, sender);
  }
}

/** `@login` and `@organisation/team`, each once; e-mail addresses name nobody here. */
async function changedOwners(repository: Repository, pull: PullRequest): Promise<Set<string>> {
  const base = await baseTip(repository, pull);
  for (const path of CODEOWNERS_PATHS) {
    const content = await readFileAt(repository.gitDir, base, path);
    if (content === null) continue;
    const rules = parseCodeOwners(content.toString('utf8'));
    const owners = touchedPaths(await pullFiles(repository, pull)).flatMap((one) => ownersOf(rules, one));
    return new Set(owners.filter((owner) => owner.startsWith('@')));
  }
  return new Set();
}

async function askPerson(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  name: string,
  sender: User,
): Promise<void> {
  const login = [...sandbox.state.users.keys()].find((one) => one.toLowerCase() === name.toLowerCase());
  if (login === undefined || login === issueOf(repository, pull).user) return;
  // Owners without write access are no owners.
  if (pull.requestedReviewers.includes(login) || !isWriter(peopleOf(sandbox, repository), login)) return;
  pull.requestedReviewers.push(login);
  const extra = { requested_reviewer: userJson(sandbox, login) };
  await emitPull(sandbox, repository, pull, { action: 'review_requested', sender, extra });
}

async function askTeam(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  slug: string,
  sender: User,
): Promise<void> {
  if (pull.requestedTeams.includes(slug) || !atLeast(repository.teams.get(slug) ?? 'none', 'write')) return;
  pull.requestedTeams.push(slug);
  const extra = { requested_team: requestedTeamJson(sandbox, repository, slug) };
  await emitPull(sandbox, repository, pull, { action: 'review_requested', sender, extra });
}
