import type { Action, Refusal } from '../plan/plan-types.ts';
import { withHead } from '../plan/render-trace.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import { noteOnce } from './note-once.ts';

type Host = RepositoryReader & RepositoryWriter;
type Doing<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

/**
 * The new commit has the old head and the base as parents, so that the branch only moves forward: a commit that
 * somebody pushed in between makes GitHub refuse, and is not lost.
 */
export async function updatePromotion(
  host: Host,
  action: Doing<'update-promotion'>,
  log: Log,
): Promise<Refusal | null> {
  const { promotions, number, branch, headSha, base, files, title, body, commitMessage, check, note } =
    action;
  const parents = [headSha, base.sha];
  const { sha } = await host.createCommit({ baseTree: base.treeSha, parents, files, message: commitMessage });
  if (!(await host.advanceBranch(branch, sha))) {
    const reason = `the branch ${branch} moved meanwhile; Sluice looks again`;
    const lost = promotions.map(({ application, from, to }) => ({ application, from, to }));
    return { action: action.kind, subject: branch, reason, promotions: lost };
  }
  await host.reportCheck(withHead(check, sha), null);
  // The body comes last: that it speaks of this release tells that all has been said.
  if (note) await noteOnce(host, number, note);
  await host.updatePull(number, { title, body });
  for (const { application, to, release } of promotions) {
    log.info(
      { repository: host.fullName, application, to, release: release.label, pull: number },
      'promotion updated',
    );
  }
  return null;
}

export async function closePromotion(host: Host, action: Doing<'close-promotion'>, log: Log): Promise<null> {
  const { number, branch, headSha, body, reason } = action;
  // It may have merged since it was seen open: then the target holds the release because of it.
  if (!(await host.readPull(number))?.isOpen) return null;
  await host.updatePull(number, { state: 'closed', body });
  await deleteBranch(host, branch, headSha);
  log.info({ repository: host.fullName, pull: number, reason }, 'promotion closed');
  return null;
}

/**
 * REST merges nothing into a branch with a merge queue, and has no call that queues:
 * https://docs.github.com/en/graphql/reference/mutations#enqueuepullrequest
 */
const QUEUE_NOTE = {
  mark: '<!-- sluice:merge-queue -->',
  text: 'The gates have passed. The branch has a merge queue, and Sluice cannot put a pull request into it: choose **Merge when ready**, and the queue merges it. `auto-merge: true` does nothing on this branch.',
};

export async function mergePromotion(
  host: Host,
  action: Doing<'merge-promotion'>,
  log: Log,
): Promise<Refusal | null> {
  const { promotion, number, branch, headSha, method, title, message } = action;
  const { application, to, release } = promotion;
  const outcome = await host.mergePull(number, { headSha, method, title, message });
  if (!outcome.merged) {
    const isQueue = /merge queue/i.test(outcome.reason);
    if (isQueue) await noteOnce(host, number, QUEUE_NOTE);
    const reason = isQueue ? QUEUE_NOTE.text : outcome.reason;
    return { action: action.kind, subject: `#${number}`, reason };
  }
  log.info({ repository: host.fullName, application, to, release, pull: number }, 'promotion merged');
  await deleteBranch(host, branch, headSha);
  return null;
}

/** Only while it points at what is known to be done with. */
export async function deleteBranch(host: Host, branch: string, headSha: string): Promise<void> {
  if ((await host.readBranch(branch)) === headSha) await host.deleteBranch(branch);
}
