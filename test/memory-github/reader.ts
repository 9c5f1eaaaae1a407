import { structuredPatch } from 'diff';
import type { DeploymentReader } from '../../src/promotion/ports/deployments.ts';
import type { Commit, CommitFile } from '../../src/promotion/ports/git.ts';
import type { IssueReader } from '../../src/promotion/ports/issues.ts';
import type { Comment, ListedComment, Pull } from '../../src/promotion/ports/pulls.ts';
import type { RepositoryReader } from '../../src/promotion/ports/repository.ts';
import type { Files, StoredCommit } from './objects.ts';
import {
  BOT,
  baseOf,
  isoOf,
  loginOf,
  MAIN,
  type Memory,
  type MemoryComment,
  type MemoryPull,
  tipOf,
  urlOf,
} from './state.ts';

const NO_COMMIT = '0'.repeat(40);

/** What the App reads, out of memory. What no schedule asks for is left out, and says so. */
export function makeMemoryReader(
  memory: Memory,
): Omit<RepositoryReader, keyof IssueReader | keyof DeploymentReader> {
  return {
    fullName: memory.fullName,
    ...gitReader(memory),
    ...pullReader(memory),
    ...talkReader(memory),
    ...checkReader(memory),
    listStatusReports: leftOut,
    listCheckReports: leftOut,
    listDeployments: leftOut,
    listDeploymentReports: leftOut,
    listAncestors: leftOut,
  };
}

async function leftOut(): Promise<never> {
  throw new Error('the GitHub in memory does not have this');
}

type Part<Key extends keyof RepositoryReader> = Pick<RepositoryReader, Key>;

function gitReader(
  memory: Memory,
): Part<
  | 'readDefaultTip'
  | 'readCommit'
  | 'readBranch'
  | 'readTree'
  | 'readText'
  | 'readTexts'
  | 'listBranches'
  | 'readFile'
  | 'listCommits'
  | 'wasChangedBefore'
  | 'listMoves'
  | 'isAncestor'
  | 'readMergeBase'
  | 'listAhead'
  | 'readBranchRules'
  | 'readPusher'
  | 'listQueueBranches'
> {
  const { objects, history, branches, moves } = memory;
  const tipOrCommit = (ref: string) => branches.get(ref) ?? ref;
  return {
    async readDefaultTip() {
      return { branch: MAIN, commit: describeCommit(memory, tipOf(memory)) };
    },
    async readCommit(sha) {
      return describeCommit(memory, sha);
    },
    async readBranch(branch) {
      return branches.get(branch) ?? null;
    },
    async listBranches(prefix) {
      const names = [...branches.keys()].filter((branch) => branch.startsWith(prefix)).sort();
      return names.map((branch) => ({ branch, headSha: branches.get(branch)! }));
    },
    async readTree(treeSha) {
      return objects.readEntries(treeSha);
    },
    async readText(sha) {
      const text = objects.texts.get(sha);
      if (text === undefined) throw new Error(`there is no blob ${sha}`);
      return text;
    },
    async readTexts(shas) {
      return new Map(await Promise.all(shas.map(async (sha) => [sha, await this.readText(sha)] as const)));
    },
    async readFile(path, ref) {
      const commit = objects.hasCommit(tipOrCommit(ref)) ? objects.readCommit(tipOrCommit(ref)) : null;
      const sha = commit ? objects.readFiles(commit.treeSha).get(path)?.sha : undefined;
      return sha === undefined ? null : { sha, text: objects.texts.get(sha)! };
    },
    async listCommits(sha, path, limit) {
      return history
        .log(sha, path)
        .slice(0, limit)
        .map((commit) => commit.sha);
    },
    async wasChangedBefore(path, time) {
      return history.log(tipOf(memory), path).some(({ atMs }) => atMs <= Date.parse(time));
    },
    async listMoves(branch) {
      const own = moves.filter((move) => move.branch === branch).toReversed();
      return own.map(({ before, after, atMs, isForced }) => ({
        before: before ?? NO_COMMIT,
        after: after ?? NO_COMMIT,
        atMs,
        isRewrite: isForced || before === null || after === null,
      }));
    },
    async isAncestor(ancestor, sha) {
      return history.isAncestor(ancestor, sha);
    },
    async readMergeBase(one, other) {
      const base = history.mergeBase(one, other);
      if (base === null) throw new Error('No common ancestor');
      return base;
    },
    async listAhead(base, head) {
      return history.ahead(base, head).map(({ sha, parents, author }) => ({
        sha,
        parents: [...parents],
        authorLogin: loginOf(author),
      }));
    },
    async readBranchRules() {
      return { reviews: [], isPartlyHidden: memory.requiredCheck !== null };
    },
    async readPusher(branch, sha) {
      return moves.findLast((move) => move.branch === branch && move.after === sha)?.actor ?? null;
    },
    async listQueueBranches() {
      return [];
    },
  };
}

const described = new WeakMap<StoredCommit, Commit>();

function describeCommit(memory: Memory, sha: string): Commit {
  const stored = memory.objects.readCommit(sha);
  const known = described.get(stored);
  if (known) return known;
  const { treeSha, parents, message, author, committer, atMs, isSigned } = stored;
  const authorLogin = loginOf(author);
  const commit: Commit = {
    sha,
    url: urlOf(memory, `commit/${sha}`),
    treeSha,
    parents: [...parents],
    message,
    authorLogin,
    committerLogin: loginOf(committer),
    authorName: author.name,
    committedAt: isoOf(atMs),
    isSluices: authorLogin === BOT && isSigned,
    files: filesOf(memory, stored),
  };
  described.set(stored, commit);
  return commit;
}

function filesOf({ objects }: Memory, { treeSha, parents }: StoredCommit): CommitFile[] {
  const after = objects.readFiles(treeSha);
  const before: Files = parents[0] ? objects.readFiles(objects.readCommit(parents[0]).treeSha) : new Map();
  return changedPaths(before, after).map((path) => {
    const [was, is] = [before, after].map((files) => objects.texts.get(files.get(path)?.sha ?? '') ?? '');
    return { path, previousPath: null, patch: patchOf(was!, is!) };
  });
}

function patchOf(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 3 });
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) =>
      [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...lines].join('\n'),
    )
    .join('\n');
}

function changedPaths(before: Files, after: Files): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.filter((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    return was?.sha !== is?.sha || was?.mode !== is?.mode;
  });
}

function pullReader(
  memory: Memory,
): Part<
  | 'listOpenPulls'
  | 'listClosedPulls'
  | 'listClosedPullsOf'
  | 'listAllPulls'
  | 'readCloser'
  | 'listPullsOfCommit'
  | 'readPull'
  | 'listPullFiles'
  | 'listPullCommits'
  | 'listReviews'
> {
  const { pulls, history, objects, reviews } = memory;
  const newest = () => [...pulls.values()].toSorted((a, b) => b.number - a.number);
  const toPull = (pull: MemoryPull) => describePull(memory, pull);
  const filesAt = (sha: string) => objects.readFiles(objects.readCommit(sha).treeSha);
  const holds = (pull: MemoryPull, sha: string) => {
    const tips = [pull.headSha, ...(pull.mergeCommitSha ? [pull.mergeCommitSha] : [])];
    const isIn = (tip: string) => history.isAncestor(sha, tip);
    return tips.some(isIn) && !isIn(baseOf(memory, pull));
  };
  return {
    async listOpenPulls() {
      return newest()
        .filter(({ state }) => state === 'open')
        .map(toPull);
    },
    async listClosedPulls(branch, most) {
      const closed = newest().filter((pull) => pull.state === 'closed' && pull.branch === branch);
      return closed.slice(0, most).map(toPull);
    },
    async listClosedPullsOf(names) {
      const lists = names.map(async (branch) => [branch, await this.listClosedPulls(branch, 10)] as const);
      return new Map(await Promise.all(lists));
    },
    async listAllPulls(page) {
      const all = newest().toReversed();
      return all.slice((page - 1) * 100, page * 100).map(toPull);
    },
    async readCloser(number) {
      const pull = pulls.get(number);
      const login = pull?.state === 'closed' ? pull.closedBy : null;
      return login ? { login, isSluices: login === BOT } : null;
    },
    async listPullsOfCommit(sha) {
      return [...pulls.values()].filter((pull) => holds(pull, sha)).map(toPull);
    },
    async readPull(number) {
      const pull = pulls.get(number);
      if (!pull) return null;
      const mergedBy = pull.isMerged ? pull.closedBy : null;
      return { ...toPull(pull), mergeable: mergeableNow(memory, pull), isBehind: false, mergedBy };
    },
    async listPullFiles(number) {
      const pull = pulls.get(number)!;
      const from = history.mergeBase(baseOf(memory, pull), pull.headSha);
      return changedPaths(from ? filesAt(from) : new Map(), filesAt(pull.headSha));
    },
    async listPullCommits(number) {
      const pull = pulls.get(number)!;
      return history.ahead(baseOf(memory, pull), pull.headSha).map(({ sha, author, committer }) => ({
        sha,
        authorLogin: loginOf(author),
        committerLogin: loginOf(committer),
      }));
    },
    async listReviews(number) {
      return reviews
        .filter(({ pull }) => pull === number)
        .map(({ reviewer, isBot, state, sha, atMs }) => ({ reviewer, isBot, state, sha, atMs }));
    },
  };
}

/** Null until it was asked for once, where GitHub is slow. */
function mergeableNow(memory: Memory, pull: MemoryPull): boolean | null {
  if (pull.state !== 'open') return null;
  const key = `${tipOf(memory)} ${pull.headSha}`;
  const isKnown = !memory.isSlow || memory.computed.has(key);
  memory.computed.add(key);
  return isKnown ? memory.history.merge(tipOf(memory), pull.headSha) !== null : null;
}

function describePull(memory: Memory, pull: MemoryPull): Pull {
  const { number, title, body, branch, headSha, state, isMerged, mergeCommitSha, author, labels } = pull;
  const endedAt = pull.endedMs === null ? null : isoOf(pull.endedMs);
  return {
    number,
    url: urlOf(memory, `pull/${number}`),
    title,
    body,
    branch,
    headSha,
    base: MAIN,
    isOpen: state === 'open',
    isMerged,
    mergeCommitSha,
    isSluices: author === BOT,
    isFromFork: false,
    author,
    labels: [...labels],
    createdAt: isoOf(pull.createdMs),
    mergedAt: isMerged ? endedAt : null,
    closedAt: endedAt,
  };
}

function talkReader(
  memory: Memory,
): Part<
  'listComments' | 'listChangedComments' | 'readComment' | 'hasAnswered' | 'readRole' | 'isTeamMember'
> {
  const { comments, roles } = memory;
  const all = () => [...comments.values()];
  const toComment = (comment: MemoryComment) => describeComment(memory, comment);
  return {
    async listComments(number) {
      return all()
        .filter(({ issue }) => issue === number)
        .map(toComment);
    },
    async listChangedComments(since, page) {
      const changed = all().filter(({ updatedMs }) => updatedMs >= Date.parse(since));
      const sorted = changed.toSorted((a, b) => a.updatedMs - b.updatedMs || a.id - b.id);
      return sorted.slice((page - 1) * 100, page * 100).map(
        (comment): ListedComment => ({
          ...toComment(comment),
          updatedAt: isoOf(comment.updatedMs),
          hasVerdict: comment.reactions.some(isVerdict),
        }),
      );
    },
    async readComment(id) {
      const comment = comments.get(id);
      return comment ? toComment(comment) : null;
    },
    async hasAnswered(id) {
      return (comments.get(id)?.reactions ?? []).some((each) => each.by === BOT && isVerdict(each));
    },
    async readRole(login) {
      return roles.get(login) ?? 'none';
    },
    async isTeamMember() {
      return false;
    },
  };
}

function isVerdict({ content }: { content: string }): boolean {
  return content === 'rocket' || content === 'confused';
}

function describeComment(memory: Memory, comment: MemoryComment): Comment {
  const { id, issue, author, body, createdMs, updatedMs } = comment;
  return {
    id,
    url: urlOf(memory, `issues/${issue}#issuecomment-${id}`),
    issue,
    author,
    isBot: author === BOT,
    isSluices: author === BOT,
    body,
    createdAt: isoOf(createdMs),
    isEdited: updatedMs !== createdMs,
  };
}

function checkReader(memory: Memory): Part<'listCheckRuns' | 'readCheck' | 'listStatuses'> {
  const { checks, statuses } = memory;
  return {
    async listCheckRuns(sha) {
      const own = [...checks.values()].filter(({ headSha }) => headSha === sha);
      return { checks: [], own: own.toReversed().map(({ headSha, ...check }) => check) };
    },
    async readCheck(id) {
      const check = checks.get(id);
      return check ? { ...check, url: urlOf(memory, `runs/${id}`) } : null;
    },
    async listStatuses(sha) {
      const latest = new Map(
        statuses.filter((each) => each.sha === sha).map(({ context, state }) => [context, state]),
      );
      return [...latest].map(([name, state]) => ({
        name,
        app: null,
        conclusion: state === 'pending' ? null : state,
      }));
    },
  };
}
