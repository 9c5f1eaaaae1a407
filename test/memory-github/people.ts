import type { ReviewFact } from '../../src/domain/gates/facts.ts';
import { addIssue } from './issues.ts';
import {
  BOT,
  closePull,
  commitFiles,
  isoOf,
  MAIN,
  type Memory,
  mergeNow,
  moveBranch,
  personOf,
  seconds,
  tell,
  tipOf,
  WEB_FLOW,
} from './state.ts';

/** What people do on GitHub. Each says false, or null, when GitHub does not let them. */
export interface People {
  /** Commits files to a branch. */
  push(login: string, branch: string, files: Record<string, string>, message: string): Promise<string | null>;
  createBranch(login: string, branch: string, sha: string): Promise<void>;
  deleteBranch(login: string, branch: string): Promise<boolean>;
  review(login: string, pull: number, verdict: 'approve' | 'request-changes'): Promise<boolean>;
  /** Takes the last approval or request of somebody away. */
  dismiss(login: string, pull: number, reviewer: string): Promise<boolean>;
  comment(login: string, issue: number, body: string): Promise<number>;
  editComment(login: string, id: number, body: string): Promise<void>;
  openIssue(login: string): Promise<number>;
  editIssue(login: string, issue: number, change: { body?: string; isOpen?: boolean }): Promise<void>;
  merge(login: string, pull: number, method: 'squash' | 'merge'): Promise<boolean>;
  close(login: string, pull: number): Promise<boolean>;
  /** GitHub's button "Update branch". */
  updateBranch(login: string, pull: number): Promise<boolean>;
  status(
    login: string,
    sha: string,
    context: string,
    state: 'success' | 'failure' | 'pending',
  ): Promise<void>;
}

export function makeMemoryPeople(memory: Memory): People {
  const { branches, pulls, comments, reviews, objects, history, nextId } = memory;
  const tellReview = (number: number, action: string, login: string) => {
    const { branch: ref } = pulls.get(number)!;
    tell(memory, 'pull_request_review', { action, pull_request: { number, head: { ref } } }, login);
  };
  const latest = (pull: number, reviewer: string) =>
    reviews.findLast(
      (each) => each.pull === pull && each.reviewer === reviewer && each.state !== 'commented',
    );
  return {
    async push(login, branch, files, message) {
      const tip = branches.get(branch);
      if (tip === undefined) return null;
      const { sha } = commitFiles(memory, [tip], files, message, login);
      moveBranch(memory, branch, sha, login);
      return sha;
    },
    async createBranch(login, branch, sha) {
      moveBranch(memory, branch, sha, login);
    },
    async deleteBranch(login, branch) {
      if (!branches.has(branch)) return false;
      moveBranch(memory, branch, null, login);
      return true;
    },
    async review(login, number, verdict) {
      const pull = pulls.get(number);
      if (!pull || pull.author === login) return false;
      const state: ReviewFact['state'] = verdict === 'approve' ? 'approved' : 'changes-requested';
      const { headSha: sha } = pull;
      const review = { reviewer: login, isBot: false, state, sha, atMs: seconds(memory) };
      reviews.push({ id: nextId(), pull: number, ...review });
      tellReview(number, 'submitted', login);
      return true;
    },
    async dismiss(login, number, reviewer) {
      const review = latest(number, reviewer);
      if (!review || review.state === 'dismissed') return false;
      review.state = 'dismissed';
      tellReview(number, 'dismissed', login);
      return true;
    },
    async comment(login, issue, body) {
      const [id, atMs] = [nextId(), seconds(memory)];
      comments.set(id, { id, issue, author: login, body, createdMs: atMs, updatedMs: atMs, reactions: [] });
      const comment = { id, body, user: { type: 'User' } };
      tell(memory, 'issue_comment', { action: 'created', comment }, login);
      return id;
    },
    async editComment(_login, id, body) {
      Object.assign(comments.get(id)!, { body, updatedMs: seconds(memory) });
    },
    async openIssue(login) {
      return addIssue(memory, { author: login, body: '', labels: [] }).number;
    },
    async editIssue(login, number, change) {
      const issue = memory.issues.get(number)!;
      const { body: from, isOpen } = issue;
      Object.assign(issue, { ...change, updatedMs: seconds(memory) });
      const { body } = issue;
      const user = { type: issue.author === BOT ? 'Bot' : 'User' };
      const told = { number, body, user, updated_at: isoOf(issue.updatedMs) };
      if (body !== from)
        tell(memory, 'issues', { action: 'edited', issue: told, changes: { body: { from } } }, login);
      if (isOpen !== issue.isOpen)
        tell(memory, 'issues', { action: issue.isOpen ? 'reopened' : 'closed', issue: told }, login);
    },
    async merge(login, number, method) {
      const pull = pulls.get(number);
      if (!pull) return false;
      const title = `${pull.title} (#${number})`;
      return mergeNow(memory, pull, { actor: login, method, title, message: '' }) === null;
    },
    async close(login, number) {
      const pull = pulls.get(number);
      if (pull?.state !== 'open') return false;
      closePull(memory, pull, login);
      return true;
    },
    async updateBranch(login, number) {
      const pull = pulls.get(number);
      const tip = tipOf(memory);
      if (pull?.state !== 'open' || history.isAncestor(tip, pull.headSha)) return false;
      const files = history.merge(pull.headSha, tip);
      if (files === null) return false;
      const { sha } = objects.addCommit({
        treeSha: objects.addTree(files),
        parents: [pull.headSha, tip],
        message: `Merge branch '${MAIN}' into ${pull.branch}`,
        author: personOf(login),
        committer: WEB_FLOW,
        atMs: seconds(memory),
        isSigned: true,
      });
      moveBranch(memory, pull.branch, sha, login);
      return true;
    },
    async status(login, sha, context, state) {
      memory.statuses.push({ sha, context, state });
      tell(memory, 'status', { state }, login);
    },
  };
}
