import type { RefProposal, SandboxContext } from './context.ts';
import { isAncestor } from './git.ts';
import { peopleOf } from './people.ts';
import { pushReasons, refusal } from './protection.ts';
import type { Repository } from './state.ts';

const BRANCH = 'refs/heads/';

/** Why a direct push or a move of a ref over the API is refused; null when it is not. */
export async function refusePush(
  sandbox: SandboxContext,
  repository: Repository,
  { ref, before, after, user, actor }: RefProposal,
): Promise<string | null> {
  // GitHub alone writes the heads of pull requests.
  if (ref.startsWith('refs/pull/')) return 'deny updating a hidden ref';
  if (!ref.startsWith(BRANCH)) return null;
  const fastForward =
    before === null || after === null || (await isAncestor(repository.gitDir, before, after));
  const reasons = pushReasons(
    {
      repository,
      people: peopleOf(sandbox, repository),
      branch: ref.slice(BRANCH.length),
      before,
      after,
      fastForward,
    },
    { login: user.login, appId: actor.kind === 'installation' ? actor.app.id : null },
  );
  return reasons.length === 0 ? null : refusal(reasons);
}
