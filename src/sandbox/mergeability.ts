import { branchRules, type RuleActor } from './branch-rules.ts';
import { CODEOWNERS_PATHS, type OwnerRule, parseCodeOwners } from './codeowners.ts';
import type { SandboxContext } from './context.ts';
import { isAncestor, mergeTree, readFileAt } from './git.ts';
import { peopleOf } from './people.ts';
import { type MergeFacts, mergeReasons, type Reason } from './protection.ts';
import { baseTip, isOpen, issueOf, pullFiles, touchedPaths } from './pull-git.ts';
import { checkRunOutcome, latestCheckRuns, latestStatuses, statusOutcome } from './required-checks.ts';
import type { PullRequest, Repository } from './state.ts';

export interface Mergeability {
  /** Null when there is nothing to merge any more. */
  mergeable: boolean | null;
  state: 'clean' | 'blocked' | 'dirty' | 'behind' | 'unstable' | 'draft' | 'unknown';
}

/** Everything that protection judges a merge by, read now. */
async function mergeFacts(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Promise<MergeFacts> {
  const base = await baseTip(repository, pull);
  // Git is asked only what some rule wants to know.
  const rules = branchRules(repository, pull.baseRef);
  const asksOwners = rules.some((one) => one.reviews?.codeOwners);
  const isStrict = rules.some((one) => one.checks?.strict);
  return {
    repository,
    pull,
    author: issueOf(repository, pull).user,
    changedPaths: touchedPaths(await pullFiles(repository, pull)),
    codeOwners: asksOwners ? await codeOwnersAt(repository, base) : [],
    people: peopleOf(sandbox, repository),
    upToDate: !isStrict || (await isAncestor(repository.gitDir, base, pull.headSha)),
  };
}

/** CODEOWNERS of the base branch: a pull request cannot choose its own judges. */
async function codeOwnersAt(repository: Repository, commit: string): Promise<OwnerRule[]> {
  for (const path of CODEOWNERS_PATHS) {
    const content = await readFileAt(repository.gitDir, commit, path);
    if (content !== null) return parseCodeOwners(content.toString('utf8'));
  }
  return [];
}

/** Reasons of protection against a merge by this actor now; without one, nobody bypasses anything. */
export async function reasonsAgainst(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  actor: RuleActor | null,
): Promise<Reason[]> {
  return mergeReasons(await mergeFacts(sandbox, repository, pull), actor);
}

/** `mergeable` and `mergeable_state`, as `GET /repos/{owner}/{repo}/pulls/{n}` answers them. */
export async function mergeability(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Promise<Mergeability> {
  if (!isOpen(repository, pull)) return { mergeable: null, state: 'unknown' };
  const merge = await mergeTree(repository.gitDir, await baseTip(repository, pull), pull.headSha);
  if (!merge.clean) return { mergeable: false, state: 'dirty' };
  return { mergeable: true, state: await cleanState(sandbox, repository, pull) };
}

async function cleanState(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Promise<Mergeability['state']> {
  if (pull.draft) return 'draft';
  const reasons = await reasonsAgainst(sandbox, repository, pull, null);
  if (reasons.some((reason) => reason.kind !== 'behind')) return 'blocked';
  if (reasons.length > 0) return 'behind';
  const outcomes = [
    ...latestCheckRuns(repository, pull.headSha).map(checkRunOutcome),
    ...latestStatuses(repository, pull.headSha).map(statusOutcome),
  ];
  return outcomes.every((outcome) => outcome === 'satisfied') ? 'clean' : 'unstable';
}
