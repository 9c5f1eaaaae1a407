import type { ReviewFact } from '../../src/domain/gates/facts.ts';
import type { Role } from '../../src/domain/role.ts';
import type { OwnCheck } from '../../src/promotion/ports/checks.ts';
import type { DeploymentState, OwnDeployment } from '../../src/promotion/ports/deployments.ts';
import type { Payload } from '../../src/webhooks/deliveries.ts';
import { type History, makeHistory } from './history.ts';
import { type GitPerson, makeObjects, type Objects, type StoredCommit } from './objects.ts';

export const BOT = 'sluice[bot]';
export const APP_ID = 7;
export const MAIN = 'main';
const URL = 'https://github.invalid';

export interface MemoryMove {
  branch: string;
  before: string | null;
  after: string | null;
  actor: string;
  atMs: number;
  isForced: boolean;
}

export interface MemoryPull {
  number: number;
  title: string;
  body: string;
  branch: string;
  headSha: string;
  author: string;
  state: 'open' | 'closed';
  closedBy: string | null;
  createdMs: number;
  /** When it merged or was closed without; null while it is open. */
  endedMs: number | null;
  isMerged: boolean;
  mergeCommitSha: string | null;
  /** What the base was when it merged. */
  baseSha: string | null;
  labels: string[];
  reviewers: string[];
}

export interface MemoryReview extends ReviewFact {
  id: number;
  pull: number;
  atMs: number;
}

export interface MemoryComment {
  id: number;
  issue: number;
  author: string;
  body: string;
  createdMs: number;
  updatedMs: number;
  reactions: { by: string; content: string }[];
}

export interface MemoryIssue {
  number: number;
  author: string;
  body: string;
  labels: readonly string[];
  isOpen: boolean;
  isPinned: boolean;
  updatedMs: number;
}

export interface MemoryCheck extends OwnCheck {
  headSha: string;
}

export interface MemoryStatus {
  sha: string;
  context: string;
  state: string;
}

export interface MemoryDeployment {
  /** On GitHub. */
  environment: string;
  sha: string;
  of: OwnDeployment['of'];
  /** Oldest first. */
  states: DeploymentState[];
}

/** A webhook that GitHub would send. */
export type Tell = (event: string, payload: Payload) => void;

/** One repository on a GitHub that is nothing but data. */
export interface Memory {
  fullName: string;
  objects: Objects;
  history: History;
  branches: Map<string, string>;
  moves: MemoryMove[];
  pulls: Map<number, MemoryPull>;
  issues: Map<number, MemoryIssue>;
  reviews: MemoryReview[];
  comments: Map<number, MemoryComment>;
  checks: Map<number, MemoryCheck>;
  statuses: MemoryStatus[];
  deployments: Map<number, MemoryDeployment>;
  roles: Map<string, Role>;
  /** What must be green before anybody merges; null without protection. */
  requiredCheck: string | null;
  /** Whether GitHub needs a moment to find out whether a pull request can be merged. */
  isSlow: boolean;
  /** Merges that it has computed, by base and head. */
  computed: Set<string>;
  now: () => number;
  nextId: () => number;
  tell: Tell;
}

export interface NewMemory {
  fullName: string;
  files: Record<string, string>;
  roles: Record<string, Role>;
  now: () => number;
  tell: Tell;
  requiredCheck?: string | null;
  isSlow?: boolean;
}

export function makeMemory({
  files,
  roles,
  requiredCheck = null,
  isSlow = false,
  ...rest
}: NewMemory): Memory {
  const objects = makeObjects();
  let lastId = 1000;
  const memory: Memory = {
    ...rest,
    objects,
    history: makeHistory(objects),
    branches: new Map(),
    moves: [],
    pulls: new Map(),
    issues: new Map(),
    reviews: [],
    comments: new Map(),
    checks: new Map(),
    statuses: [],
    deployments: new Map(),
    roles: new Map(Object.entries(roles)),
    requiredCheck,
    isSlow,
    computed: new Set(),
    nextId: () => ++lastId,
  };
  const tree = Object.entries(files).map(
    ([path, text]) => [path, { mode: '100644', sha: objects.addText(text) }] as const,
  );
  const [first] = Object.keys(roles);
  const owner = personOf(first!);
  const { sha } = objects.addCommit({
    treeSha: objects.addTree(new Map(tree)),
    parents: [],
    message: 'Initial commit',
    author: owner,
    committer: owner,
    atMs: seconds(memory),
    isSigned: false,
  });
  memory.branches.set(MAIN, sha);
  return memory;
}

export const WEB_FLOW: GitPerson = { name: 'GitHub', email: 'noreply@github.com' };
const NOREPLY = '@users.noreply.github.com';

export function personOf(login: string): GitPerson {
  return { name: login, email: `${login}${NOREPLY}` };
}

/** The account that GitHub links to an address. */
export function loginOf({ email }: GitPerson): string | null {
  if (email === WEB_FLOW.email) return 'web-flow';
  return email.endsWith(NOREPLY) ? email.slice(0, -NOREPLY.length) : null;
}

export function urlOf({ fullName }: Memory, path: string): string {
  return `${URL}/${fullName}/${path}`;
}

/** GitHub's times have no fraction. */
export function seconds({ now }: Memory): number {
  return Math.floor(now() / 1000) * 1000;
}

export function isoOf(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}

/** Issues and pull requests share their numbers. */
export function nextNumber({ issues, pulls }: Memory): number {
  return Math.max(0, ...issues.keys(), ...pulls.keys()) + 1;
}

export function tipOf({ branches }: Memory): string {
  return branches.get(MAIN)!;
}

export function tell(memory: Memory, event: string, payload: Payload, sender: string): void {
  memory.tell(event, {
    repository: { full_name: memory.fullName, default_branch: MAIN },
    sender: { login: sender, type: sender === BOT ? 'Bot' : 'User' },
    ...payload,
  });
}

export function tellPull(memory: Memory, pull: MemoryPull, action: string, sender: string): void {
  const { number, branch: ref } = pull;
  tell(memory, 'pull_request', { action, pull_request: { number, head: { ref } } }, sender);
}

/** Where a pull request is compared from: the base as it is, or was when it merged. */
export function baseOf(memory: Memory, { baseSha }: MemoryPull): string {
  return baseSha ?? tipOf(memory);
}

/** Makes a branch point somewhere, records it, lets pull requests follow, and tells of it. */
export function moveBranch(memory: Memory, branch: string, after: string | null, actor: string): void {
  const { branches, moves, pulls, history } = memory;
  const before = branches.get(branch) ?? null;
  if (after === null) branches.delete(branch);
  else branches.set(branch, after);
  const isForced = before !== null && after !== null && !history.isAncestor(before, after);
  moves.push({ branch, before, after, actor, atMs: seconds(memory), isForced });
  tell(memory, 'push', { ref: `refs/heads/${branch}`, deleted: after === null }, actor);
  for (const pull of pulls.values()) {
    if (pull.branch !== branch || pull.state !== 'open') continue;
    if (after === null) closePull(memory, pull, actor);
    else if (after !== pull.headSha) {
      pull.headSha = after;
      tellPull(memory, pull, 'synchronize', actor);
    }
  }
}

export function closePull(memory: Memory, pull: MemoryPull, actor: string): void {
  pull.state = 'closed';
  pull.closedBy = actor;
  pull.endedMs = seconds(memory);
  tellPull(memory, pull, 'closed', actor);
}

export interface MergeWish {
  actor: string;
  method: 'squash' | 'merge';
  title: string;
  message: string;
}

/** Merges a pull request as it is now; says why not. */
export function mergeNow(memory: Memory, pull: MemoryPull, wish: MergeWish): string | null {
  const { objects, history, requiredCheck } = memory;
  if (pull.state !== 'open') return 'Pull Request is not mergeable';
  const base = tipOf(memory);
  const files = history.merge(base, pull.headSha);
  if (files === null) return 'Pull Request is not mergeable';
  if (requiredCheck !== null && !isGreen(memory, pull.headSha, requiredCheck))
    return `Required status check "${requiredCheck}" is expected.`;
  const { method, actor, title, message } = wish;
  const merged = objects.addCommit({
    treeSha: objects.addTree(files),
    parents: method === 'squash' ? [base] : [base, pull.headSha],
    message: message === '' ? title : `${title}\n\n${message}`,
    author: personOf(method === 'squash' ? pull.author : actor),
    committer: WEB_FLOW,
    atMs: seconds(memory),
    isSigned: true,
  });
  Object.assign(pull, { state: 'closed', closedBy: actor, endedMs: seconds(memory), isMerged: true });
  Object.assign(pull, { mergeCommitSha: merged.sha, baseSha: base });
  moveBranch(memory, MAIN, merged.sha, actor);
  tellPull(memory, pull, 'closed', actor);
  return null;
}

function isGreen({ checks }: Memory, headSha: string, name: string): boolean {
  const runs = [...checks.values()].filter((each) => each.headSha === headSha && each.name === name);
  return runs.at(-1)?.conclusion === 'success';
}

/** Commits with edits on top of a commit. */
export function commitFiles(
  memory: Memory,
  parents: readonly string[],
  edits: Record<string, string>,
  message: string,
  login: string,
): StoredCommit {
  const { objects } = memory;
  const files = new Map(objects.readFiles(objects.readCommit(parents[0]!).treeSha));
  for (const [path, text] of Object.entries(edits)) {
    files.set(path, { mode: files.get(path)?.mode ?? '100644', sha: objects.addText(text) });
  }
  const author = personOf(login);
  const treeSha = objects.addTree(files);
  const atMs = seconds(memory);
  return objects.addCommit({ treeSha, parents, message, author, committer: author, atMs, isSigned: false });
}
