import { noteOnce } from './note-once.ts';
import { readTrailers } from './observe-pulls.ts';
import type { Action, Plan } from './plan-types.ts';
import type { Log, RepositoryReader, RepositoryWriter } from './ports.ts';

type Host = RepositoryReader & RepositoryWriter;
type Doing<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

/** What became of an action that GitHub or a person kept from being done. */
export interface Refusal {
  action: Action['kind'];
  subject: string;
  reason: string;
}

/**
 * Performs a plan, one action after the other. Each is safe to repeat, so that a crash between any two calls leaves
 * nothing that the next reconcile does not complete.
 */
export async function apply(host: Host, plan: Pick<Plan, 'actions'>, log: Log): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (const action of plan.actions) {
    const refusal = await perform(host, action, log);
    if (refusal) {
      log.warn({ repository: host.fullName, ...refusal }, 'not done');
      refusals.push(refusal);
    }
  }
  return refusals;
}

async function perform(host: Host, action: Action, log: Log): Promise<Refusal | null> {
  switch (action.kind) {
    case 'open-promotion':
      return openPromotion(host, action, log);
    case 'update-promotion':
      return updatePromotion(host, action, log);
    case 'describe-promotion':
      await host.updatePull(action.number, { title: action.title, body: action.body });
      if (action.note) await noteOnce(host, action.number, action.note);
      return null;
    case 'label-promotion':
      await label(host, action.number, action);
      return null;
    case 'close-promotion':
      return closePromotion(host, action, log);
    case 'report-check':
      await host.reportCheck(action.report, action.existing);
      return null;
    case 'merge-promotion':
      return mergePromotion(host, action, log);
    case 'delete-branch':
      await deleteBranch(host, action.branch, action.headSha);
      return null;
  }
}

async function openPromotion(host: Host, action: Doing<'open-promotion'>, log: Log): Promise<Refusal | null> {
  const { promotion, branch, base, files, title, body, commitMessage, check } = action;
  const made = await host.createCommit({
    baseTree: base.treeSha,
    parents: [base.sha],
    files,
    message: commitMessage,
  });
  const head = (await host.createBranch(branch, made.sha)) ? made.sha : await takeBranch(host, action, made);
  if (head === null) {
    const reason = `the branch ${branch} carries commits that Sluice did not make; delete it, and Sluice opens the promotion`;
    return { action: action.kind, subject: branch, reason };
  }
  // Before the pull request is there: from its first moment on, the check tells that Sluice planned this head.
  await host.reportCheck({ ...check, headSha: head }, null);
  const { number, url } = await host.openPull({ title, body, branch, base: base.branch });
  await label(host, number, action);
  const { application, from, to, release } = promotion;
  log.info(
    { repository: host.fullName, application, from, to, release: release.label, pull: number, url },
    'promotion opened',
  );
  return null;
}

/**
 * The branch is there although no pull request is open: a crash left it, or an ended promotion did. Sluice's own
 * commit is used or replaced; anybody else's is left alone (null).
 */
async function takeBranch(
  host: Host,
  action: Doing<'open-promotion'>,
  made: { sha: string; treeSha: string },
): Promise<string | null> {
  const { branch, base } = action;
  const tip = await host.readBranch(branch);
  if (tip === null) return (await host.createBranch(branch, made.sha)) ? made.sha : null;
  const commit = await host.readCommit(tip);
  if (!readTrailers(commit, branch)) return null;
  const isThis =
    commit.treeSha === made.treeSha &&
    commit.parents.join() === base.sha &&
    commit.message.trim() === action.commitMessage.trim();
  if (isThis) return tip;
  await host.resetBranch(branch, made.sha);
  return made.sha;
}

async function label(
  host: Host,
  number: number,
  { labels, reviewers }: { labels: readonly string[]; reviewers: readonly string[] },
): Promise<void> {
  if (labels.length > 0) await host.addLabels(number, labels);
  if (reviewers.length > 0) await host.requestReviewers(number, reviewers);
}

/**
 * The new commit has the old head and the base as parents, so that the branch only moves forward: a commit that
 * somebody pushed in between makes GitHub refuse, and is not lost.
 */
async function updatePromotion(
  host: Host,
  action: Doing<'update-promotion'>,
  log: Log,
): Promise<Refusal | null> {
  const { promotion, number, branch, headSha, base, files, title, body, commitMessage, check, note } = action;
  const parents = [headSha, base.sha];
  const { sha } = await host.createCommit({ baseTree: base.treeSha, parents, files, message: commitMessage });
  if (!(await host.advanceBranch(branch, sha))) {
    return {
      action: action.kind,
      subject: branch,
      reason: `the branch ${branch} moved meanwhile; Sluice looks again`,
    };
  }
  await host.reportCheck({ ...check, headSha: sha }, null);
  await host.updatePull(number, { title, body });
  await noteOnce(host, number, note);
  const { application, to, release } = promotion;
  log.info(
    { repository: host.fullName, application, to, release: release.label, pull: number },
    'promotion updated',
  );
  return null;
}

async function closePromotion(host: Host, action: Doing<'close-promotion'>, log: Log): Promise<null> {
  const { number, branch, headSha, body, reason } = action;
  // It may have merged since it was seen open: then the target holds the release because of it.
  if (!(await host.readPull(number))?.isOpen) return null;
  await host.updatePull(number, { state: 'closed', body });
  await deleteBranch(host, branch, headSha);
  log.info({ repository: host.fullName, pull: number, reason }, 'promotion closed');
  return null;
}

async function mergePromotion(
  host: Host,
  action: Doing<'merge-promotion'>,
  log: Log,
): Promise<Refusal | null> {
  const { promotion, number, branch, headSha, method, title, message } = action;
  const { application, to, release } = promotion;
  const outcome = await host.mergePull(number, { headSha, method, title, message });
  if (!outcome.merged) return { action: action.kind, subject: `#${number}`, reason: outcome.reason };
  log.info({ repository: host.fullName, application, to, release, pull: number }, 'promotion merged');
  await deleteBranch(host, branch, headSha);
  return null;
}

/** Only while it points at what is known to be done with. */
async function deleteBranch(host: Host, branch: string, headSha: string): Promise<void> {
  if ((await host.readBranch(branch)) === headSha) await host.deleteBranch(branch);
}
