import { branchRules } from './branch-rules.ts';
import type { RuleActor } from './bypass.ts';
import { CODEOWNERS_PATHS, type OwnerRule, parseCodeOwners } from './codeowners.ts';
import type { SandboxContext } from './context.ts';
import { isAncestor, mergeTree, readFileAt } from './git.ts';
import { peopleOf } from './people.ts';
import { isKeptOut, type MergeFacts, mergeReasons, type Reason } from './protection.ts';
import { baseTip, isOpen, issueOf, pullCommits, pullFiles, touchedPaths } from './pull-git.ts';
import { checkRunOutcome, latestCheckRuns, latestStatuses, statusOutcome } from './required-checks.ts';
import { threadsOf } from './review-threads.ts';
import type { PullRequest, Repository } from './state.ts';
import type { MergeMethod } from './state-protection.ts';

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
  method: MergeMethod | null,
): Promise<MergeFacts> {
  const base = await baseTip(repository, pull);
  // Git is asked only what some rule wants to know.
  const rules = branchRules(sandbox, repository, pull.baseRef);
  const asksOwners = rules.some((one) => one.reviews?.codeOwners);
  const isStrict = rules.some((one) => one.checks?.strict);
  const asksSignatures = rules.some((one) => one.signatures);
  const { signedCommits } = sandbox.state;
  return {
    repository,
    pull,
    rules,
    method,
    author: issueOf(repository, pull).user,
    changedPaths: touchedPaths(await pullFiles(repository, pull)),
    codeOwners: asksOwners ? await codeOwnersAt(repository, base) : [],
    people: peopleOf(sandbox, repository),
    upToDate: !isStrict || (await isAncestor(repository.gitDir, base, pull.headSha)),
    signed:
      !asksSignatures || (await pullCommits(repository, pull)).every(({ sha }) => signedCommits.has(sha)),
    conversationsResolved: threadsOf(repository, pull.number).every((one) => one.resolvedBy !== null),
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
  method: MergeMethod | null = null,
): Promise<Reason[]> {
  return mergeReasons(await mergeFacts(sandbox, repository, pull, method), actor);
}

/** `mergeable` and `mergeable_state`, as `GET /repos/{owner}/{repo}/pulls/{n}` answers them to a viewer. */
export async function mergeability(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  viewer: RuleActor | null = null,
): Promise<Mergeability> {
  if (!isOpen(repository, pull)) return { mergeable: null, state: 'unknown' };
  const merge = await mergeTree(repository.gitDir, await baseTip(repository, pull), pull.headSha);
  if (!merge.clean) return { mergeable: false, state: 'dirty' };
  if (viewer && !pull.draft && isViewerKeptOut(sandbox, repository, pull, viewer))
    return { mergeable: true, state: 'blocked' };
  return { mergeable: true, state: await cleanState(sandbox, repository, pull) };
}

function isViewerKeptOut(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
  viewer: RuleActor,
): boolean {
  const rules = branchRules(sandbox, repository, pull.baseRef);
  return isKeptOut(rules, peopleOf(sandbox, repository), viewer);
}

/**
 * A queue does not block: the pull request can be put into it. The values:
 * https://docs.github.com/en/graphql/reference/enums#mergestatestatus
 */
async function cleanState(
  sandbox: SandboxContext,
  repository: Repository,
  pull: PullRequest,
): Promise<Mergeability['state']> {
  if (pull.draft) return 'draft';
  const all = await reasonsAgainst(sandbox, repository, pull, null);
  const reasons = all.filter((reason) => reason.kind !== 'queue');
  if (reasons.some((reason) => reason.kind !== 'behind')) return 'blocked';
  if (reasons.length > 0) return 'behind';
  const outcomes = [
    ...latestCheckRuns(repository, pull.headSha).map(checkRunOutcome),
    ...latestStatuses(repository, pull.headSha).map(statusOutcome),
  ];
  return outcomes.every((outcome) => outcome === 'satisfied') ? 'clean' : 'unstable';
}
