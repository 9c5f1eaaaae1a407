import type { DeploymentWriter } from '../../src/promotion/ports/deployments.ts';
import type { IssueWriter } from '../../src/promotion/ports/issues.ts';
import type { RepositoryWriter } from '../../src/promotion/ports/repository.ts';
import type { FileEntry } from './objects.ts';
import {
  BOT,
  closePull,
  MAIN,
  type Memory,
  type MemoryCheck,
  type MemoryPull,
  mergeNow,
  moveBranch,
  nextNumber,
  personOf,
  seconds,
  tellPull,
  tipOf,
  urlOf,
  WEB_FLOW,
} from './state.ts';

/** What the App writes, into memory, with the refusals of GitHub that a use case knows. */
export function makeMemoryWriter(
  memory: Memory,
): Omit<RepositoryWriter, keyof IssueWriter | keyof DeploymentWriter> {
  return { ...gitWriter(memory), ...pullWriter(memory), ...talker(memory) };
}

type Part<Key extends keyof RepositoryWriter> = Pick<RepositoryWriter, Key>;

function gitWriter(memory: Memory): Part<'createCommit' | 'createBranch' | 'advanceBranch' | 'deleteBranch'> {
  const { objects, history, branches } = memory;
  return {
    async createCommit({ baseTree, parents, files, message }) {
      const tree = new Map<string, FileEntry>(baseTree ? objects.readFiles(baseTree) : []);
      for (const edit of files) {
        if ('deleted' in edit) tree.delete(edit.path);
        else
          tree.set(edit.path, {
            mode: edit.mode,
            sha: 'content' in edit ? objects.addText(edit.content) : edit.sha,
          });
      }
      const treeSha = objects.addTree(tree);
      const { sha } = objects.addCommit({
        treeSha,
        parents,
        message,
        author: personOf(BOT),
        committer: WEB_FLOW,
        atMs: seconds(memory),
        isSigned: true,
      });
      return { sha, treeSha };
    },
    async createBranch(branch, sha) {
      objects.readCommit(sha);
      if (branches.has(branch)) return false;
      moveBranch(memory, branch, sha, BOT);
      return true;
    },
    async advanceBranch(branch, sha) {
      const before = branches.get(branch);
      if (before === undefined || !history.isAncestor(before, sha)) return false;
      if (before !== sha) moveBranch(memory, branch, sha, BOT);
      return true;
    },
    async deleteBranch(branch) {
      if (branches.has(branch)) moveBranch(memory, branch, null, BOT);
    },
  };
}

function pullWriter(
  memory: Memory,
): Part<'openPull' | 'updatePull' | 'addLabels' | 'requestReviewers' | 'mergePull'> {
  const { pulls, branches, history } = memory;
  const find = (number: number): MemoryPull => {
    const pull = pulls.get(number);
    if (!pull) throw new Error(`there is no pull request #${number}`);
    return pull;
  };
  return {
    async openPull({ title, body, branch, base }) {
      const headSha = branches.get(branch);
      if (headSha === undefined || base !== MAIN) return { refused: 'Validation Failed: head or base' };
      if ([...pulls.values()].some((each) => each.branch === branch && each.state === 'open'))
        return { refused: `A pull request already exists for ${branch}.` };
      if (history.ahead(tipOf(memory), headSha).length === 0)
        return { refused: `No commits between ${base} and ${branch}` };
      const number = nextNumber(memory);
      const pull: MemoryPull = {
        ...{ number, title, body, branch, headSha, author: BOT, state: 'open', closedBy: null },
        ...{ createdMs: seconds(memory), endedMs: null },
        ...{ isMerged: false, mergeCommitSha: null, baseSha: null, labels: [], reviewers: [] },
      };
      pulls.set(number, pull);
      tellPull(memory, pull, 'opened', BOT);
      return { number, url: urlOf(memory, `pull/${number}`) };
    },
    async updatePull(number, { title, body, state }) {
      const pull = find(number);
      if (title !== undefined || body !== undefined) {
        pull.title = title ?? pull.title;
        pull.body = body ?? pull.body;
        tellPull(memory, pull, 'edited', BOT);
      }
      if (state === 'closed' && pull.state === 'open') closePull(memory, pull, BOT);
    },
    async addLabels(number, labels) {
      const pull = find(number);
      const fresh = labels.filter((label) => !pull.labels.includes(label));
      pull.labels.push(...fresh);
      for (const _ of fresh) tellPull(memory, pull, 'labeled', BOT);
    },
    async requestReviewers(number, reviewers) {
      const pull = find(number);
      pull.reviewers = [...new Set([...pull.reviewers, ...reviewers])];
      tellPull(memory, pull, 'review_requested', BOT);
      return true;
    },
    async mergePull(number, { headSha, method, title, message }) {
      const pull = find(number);
      if (method === 'rebase') throw new Error('the GitHub in memory does not rebase');
      if (pull.state === 'open' && pull.headSha !== headSha)
        return {
          merged: false,
          reason: 'Head branch was modified. Review and try the merge again.',
        };
      const reason = mergeNow(memory, pull, { actor: BOT, method, title, message });
      return reason === null ? { merged: true } : { merged: false, reason };
    },
  };
}

function talker(memory: Memory): Part<'comment' | 'updateComment' | 'react' | 'reportCheck'> {
  const { comments, checks, nextId } = memory;
  return {
    async comment(issue, body) {
      const [id, atMs] = [nextId(), seconds(memory)];
      const times = { createdMs: atMs, updatedMs: atMs };
      comments.set(id, { id, issue, author: BOT, body, ...times, reactions: [] });
    },
    async updateComment(id, body) {
      Object.assign(comments.get(id)!, { body, updatedMs: seconds(memory) });
    },
    async react(commentId, content) {
      const { reactions } = comments.get(commentId)!;
      if (!reactions.some((each) => each.by === BOT && each.content === content))
        reactions.push({ by: BOT, content });
    },
    async reportCheck({ name, headSha, externalId, state, title, summary, text }, existing) {
      const isSame =
        existing?.status === 'in_progress' || (state === 'success' && existing?.conclusion === 'success');
      const before = existing && isSame ? checks.get(existing.id)! : null;
      const check: MemoryCheck = {
        id: before?.id ?? nextId(),
        name: before?.name ?? name,
        headSha: before?.headSha ?? headSha,
        externalId,
        status: state === 'in_progress' && before?.status !== 'completed' ? 'in_progress' : 'completed',
        conclusion: state === 'in_progress' ? (before?.conclusion ?? null) : state,
        title,
        summary,
        text: text ?? before?.text ?? '',
        startedAtMs: before?.startedAtMs ?? seconds(memory),
      };
      memory.objects.readCommit(check.headSha);
      checks.set(check.id, check);
    },
  };
}
