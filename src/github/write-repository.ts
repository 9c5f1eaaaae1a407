import type { DeploymentWriter } from '../promotion/ports/deployments.ts';
import type { FileEdit } from '../promotion/ports/git.ts';
import type { IssueWriter } from '../promotion/ports/issues.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { RepositoryWriter } from '../promotion/ports/repository.ts';
import { messageOf, statusOf } from './client.ts';
import { restOf } from './rate-limit.ts';
import type { RepositoryContext } from './repository-context.ts';

/** Writes over REST. What GitHub refuses for a reason that a use case knows becomes an answer, all else an error. */
export function makeWriter(
  context: RepositoryContext,
  log: Log,
): Omit<RepositoryWriter, keyof IssueWriter | keyof DeploymentWriter> {
  return { ...makeGitWriter(context), ...makePullWriter(context, log), ...makeTalker(context) };
}

type GitWriter = Pick<RepositoryWriter, 'createCommit' | 'createBranch' | 'advanceBranch' | 'deleteBranch'>;

function makeGitWriter({ client, owner, name }: RepositoryContext): GitWriter {
  const repo = { owner, repo: name };
  return {
    async createCommit({ baseTree, parents, files, message }) {
      const { data: tree } = await client.rest.git.createTree({
        ...repo,
        ...(baseTree !== null && { base_tree: baseTree }),
        tree: files.map(toTreeItem),
      });
      // Neither author nor committer: then GitHub signs the commit as the App's, which is how it is known again.
      const { data } = await client.rest.git.createCommit({ ...repo, tree: tree.sha, parents, message });
      return { sha: data.sha, treeSha: tree.sha };
    },
    async createBranch(branch, sha) {
      return unlessRefused(/already exists/i, () =>
        client.rest.git.createRef({ ...repo, ref: `refs/heads/${branch}`, sha }),
      );
    },
    async advanceBranch(branch, sha) {
      const ref = `heads/${branch}`;
      return unlessRefused(/fast.forward|does not exist/i, () =>
        client.rest.git.updateRef({ ...repo, ref, sha, force: false }),
      );
    },
    async deleteBranch(branch) {
      await unlessRefused(/does not exist/i, () =>
        client.rest.git.deleteRef({ ...repo, ref: `heads/${branch}` }),
      );
    },
  };
}

/** False when GitHub's 422 says what `refusal` matches. */
async function unlessRefused(refusal: RegExp, write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (statusOf(error) === 422 && refusal.test(messageOf(error))) return false;
    throw error;
  }
}

function toTreeItem(edit: FileEdit) {
  const item = { path: edit.path, type: 'blob' as const };
  if ('deleted' in edit) return { ...item, mode: '100644' as const, sha: null };
  const mode = edit.mode === '100755' ? ('100755' as const) : ('100644' as const);
  return 'content' in edit ? { ...item, mode, content: edit.content } : { ...item, mode, sha: edit.sha };
}

type PullWriter = Pick<
  RepositoryWriter,
  'openPull' | 'updatePull' | 'addLabels' | 'requestReviewers' | 'mergePull'
>;

/**
 * What GitHub says of somebody who cannot be asked, also as other clients know it:
 * https://github.com/dependabot/dependabot-core/pull/9398
 */
const NO_REVIEWER =
  /not a collaborator|from pull request author|could not resolve to a node|could not add requested reviewers/i;

function makePullWriter({ client, owner, name }: RepositoryContext, log: Log): PullWriter {
  const repo = { owner, repo: name };
  return {
    async openPull({ title, body, branch, base }) {
      try {
        const { data } = await client.rest.pulls.create({ ...repo, title, body, head: branch, base });
        return { number: data.number, url: data.html_url };
      } catch (error) {
        if (statusOf(error) !== 422) throw error;
        return { refused: messageOf(error) };
      }
    },
    async updatePull(number, change) {
      await client.rest.pulls.update({ ...repo, pull_number: number, ...change });
    },
    async addLabels(number, labels) {
      await client.rest.issues.addLabels({ ...repo, issue_number: number, labels: [...labels] });
    },
    async requestReviewers(number, reviewers) {
      const teams = reviewers.filter((reviewer) => reviewer.includes('/')).map((team) => team.split('/')[1]!);
      const people = reviewers.filter((reviewer) => !reviewer.includes('/'));
      try {
        await client.rest.pulls.requestReviewers({
          ...repo,
          pull_number: number,
          reviewers: people,
          team_reviewers: teams,
        });
        return true;
      } catch (error) {
        // A reviewer without access must not keep the promotion from being reported on; anything else passes.
        if (statusOf(error) !== 422) throw error;
        log.warn(
          { repository: `${owner}/${name}`, pull: number, reviewers, reason: messageOf(error) },
          'reviewers not asked',
        );
        return NO_REVIEWER.test(messageOf(error));
      }
    },
    async mergePull(number, { headSha, method, title, message }) {
      try {
        await client.rest.pulls.merge({
          ...repo,
          pull_number: number,
          sha: headSha,
          merge_method: method,
          commit_title: title,
          commit_message: message,
        });
        return { merged: true };
      } catch (error) {
        const isRefusal = [403, 405, 409, 422].includes(statusOf(error) ?? 0);
        // GitHub's "slow down" is a 403, too, and says nothing of this merge.
        if (!isRefusal || restOf(error, Date.now()) !== null) throw error;
        return { merged: false, reason: messageOf(error) };
      }
    },
  };
}

type Talker = Pick<RepositoryWriter, 'comment' | 'updateComment' | 'react' | 'reportCheck'>;

function makeTalker({ client, owner, name }: RepositoryContext): Talker {
  const repo = { owner, repo: name };
  return {
    async comment(number, body) {
      await client.rest.issues.createComment({ ...repo, issue_number: number, body });
    },
    async updateComment(id, body) {
      await client.rest.issues.updateComment({ ...repo, comment_id: id, body });
    },
    async react(commentId, content) {
      await client.rest.reactions.createForIssueComment({ ...repo, comment_id: commentId, content });
    },
    async reportCheck(said, existing) {
      const { name: check, headSha, externalId, state, title, summary, text, annotations, buttons } = said;
      const report = {
        ...repo,
        external_id: externalId,
        status: state === 'in_progress' ? ('in_progress' as const) : ('completed' as const),
        ...(state === 'in_progress' ? {} : { conclusion: state }),
        output: {
          title,
          summary,
          ...(text === undefined ? {} : { text }),
          annotations: annotations.map(toAnnotation),
        },
        ...(buttons ? { actions: [...buttons] } : {}),
      };
      // A verdict stays what it was: taking it back makes a new check run, which then counts. Annotations would be added
      // to those of before, and a success has none.
      const isSameSuccess = state === 'success' && existing?.conclusion === 'success';
      if (existing && (existing.status === 'in_progress' || isSameSuccess))
        await client.rest.checks.update({ ...report, check_run_id: existing.id });
      else await client.rest.checks.create({ ...report, name: check, head_sha: headSha });
    },
  };
}

function toAnnotation({ path, line, message }: { path: string; line: number; message: string }) {
  return { path, start_line: line, end_line: line, annotation_level: 'failure' as const, message };
}
