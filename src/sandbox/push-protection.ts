import { branchRules } from './branch-rules.ts';
import type { RefProposal, SandboxContext } from './context.ts';
import { type GitCommit, isAncestor, log, resolveRef } from './git.ts';
import { peopleOf } from './people.ts';
import { pushReasons, refusal } from './protection.ts';
import type { Repository } from './state.ts';

const BRANCH = 'refs/heads/';

/** Branches of merge queues, which GitHub alone writes. */
const QUEUE_BRANCH = 'refs/heads/gh-readonly-queue/';

/** Why a direct push or a move of a ref over the API is refused; null when it is not. */
export async function refusePush(
  sandbox: SandboxContext,
  repository: Repository,
  { ref, before, after, user, actor }: RefProposal,
): Promise<string | null> {
  // GitHub alone writes the heads of pull requests.
  if (ref.startsWith('refs/pull/')) return 'deny updating a hidden ref';
  if (ref.startsWith(QUEUE_BRANCH)) return 'Cannot update this protected ref.';
  if (!ref.startsWith(BRANCH)) return null;
  const rules = branchRules(sandbox, repository, ref.slice(BRANCH.length));
  if (rules.length === 0) return null;
  const fastForward =
    before === null || after === null || (await isAncestor(repository.gitDir, before, after));
  const asksCommits = rules.some((one) => one.linearHistory || one.signatures);
  const commits = asksCommits && after !== null ? await newCommits(repository, before, after) : [];
  const reasons = pushReasons(
    {
      repository,
      rules,
      people: peopleOf(sandbox, repository),
      before,
      after,
      fastForward,
      bringsMerges: commits.some((commit) => commit.parents.length > 1),
      bringsUnsigned: commits.some((commit) => !sandbox.state.signedCommits.has(commit.sha)),
    },
    { login: user.login, appId: actor.kind === 'installation' ? actor.app.id : null },
  );
  return reasons.length === 0 ? null : refusal(reasons);
}

/** What a push brings to its branch; to a new branch, what the default branch has not. */
async function newCommits(
  repository: Repository,
  before: string | null,
  after: string,
): Promise<GitCommit[]> {
  const known = before ?? (await resolveRef(repository.gitDir, `${BRANCH}${repository.defaultBranch}`));
  return log(repository.gitDir, { include: after, ...(known === null ? {} : { exclude: known }) });
}
