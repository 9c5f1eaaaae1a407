import { describeForeignTip, findGatesCheck, readPlanned } from '../observe/observe-pulls.ts';
import type { Action, Refusal } from '../plan/plan-types.ts';
import { withHead } from '../plan/render-trace.ts';
import { reportUnlessSaid } from '../plan/report-gates.ts';
import type { Log } from '../ports/log.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';

type Host = RepositoryReader & RepositoryWriter;
type Opening = Extract<Action, { kind: 'open-promotion' }>;

/** Opens the pull request of a promotion: its commit, branch, check run, and then itself. */
export async function openPromotion(host: Host, action: Opening, log: Log): Promise<Refusal | null> {
  const { promotions, branch, base, files, title, body, commitMessage } = action;
  const refuse = (reason: string): Refusal => ({
    action: action.kind,
    subject: branch,
    reason,
    promotions: promotions.map(({ application, from, to }) => ({ application, from, to })),
  });
  const made = await host.createCommit({
    baseTree: base.treeSha,
    parents: [base.sha],
    files,
    message: commitMessage,
  });
  const isNew = await host.createBranch(branch, made.sha);
  const taken = isNew ? { sha: made.sha } : await takeBranch(host, action, made);
  if ('refused' in taken) return refuse(taken.refused);
  await attest(host, action, taken.sha, isNew);
  const opened = await host.openPull({ title, body, branch, base: base.branch });
  if ('refused' in opened) return refuse(`GitHub does not open the pull request: ${opened.refused}`);
  await labelPromotion(host, opened.number, action);
  const { number, url } = opened;
  for (const { application, from, to, release } of promotions) {
    log.info(
      { repository: host.fullName, application, from, to, release: release.label, pull: number, url },
      'promotion opened',
    );
  }
  return null;
}

/** Before the pull request is there: from its first moment on, the check tells that Sluice planned this head. */
async function attest(host: Host, { check }: Opening, headSha: string, isNew: boolean): Promise<void> {
  const report = withHead(check, headSha);
  const existing = isNew ? null : findGatesCheck((await host.listCheckRuns(headSha)).own);
  if (reportUnlessSaid(report, existing).length > 0) await host.reportCheck(report, existing);
}

/**
 * The branch is there although no pull request is open: a crash left it, or an ended promotion did. Sluice's own
 * commit is used or built upon, so that the branch only moves forward; anybody else's is left alone.
 */
async function takeBranch(
  host: Host,
  { branch, base, files, commitMessage }: Opening,
  made: { sha: string; treeSha: string },
): Promise<{ sha: string } | { refused: string }> {
  const moved = { refused: `the branch ${branch} moved meanwhile; Sluice looks again` };
  const tip = await host.readBranch(branch);
  if (tip === null) return (await host.createBranch(branch, made.sha)) ? { sha: made.sha } : moved;
  const commit = await host.readCommit(tip);
  const { trailers, group } = readPlanned(commit, branch);
  if (!trailers && !group) return { refused: describeForeignTip(branch, commit) };
  const isThis =
    commit.treeSha === made.treeSha &&
    commit.parents.at(-1) === base.sha &&
    commit.message.trim() === commitMessage.trim();
  if (isThis) return { sha: tip };
  const parents = [tip, base.sha];
  const next = await host.createCommit({ baseTree: base.treeSha, parents, files, message: commitMessage });
  return (await host.advanceBranch(branch, next.sha)) ? { sha: next.sha } : moved;
}

/** When reviewers are asked again that GitHub did not take. */
const ASK_AGAIN_MS = 5 * 60 * 1000;

/**
 * Labels come last: that they are missing tells that reviewers may not have been asked. Says when they were not, though
 * nobody is to blame for it.
 */
export async function labelPromotion(
  host: Host,
  number: number,
  { labels, reviewers }: { labels: readonly string[]; reviewers: readonly string[] },
): Promise<Refusal | null> {
  if (reviewers.length > 0 && !(await host.requestReviewers(number, reviewers)))
    return {
      action: 'label-promotion',
      subject: `#${number}`,
      reason: 'GitHub did not take the reviewers; they are asked again',
      lookAgainMs: ASK_AGAIN_MS,
    };
  if (labels.length > 0) await host.addLabels(number, labels);
  return null;
}
