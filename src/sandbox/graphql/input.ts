import { authorize, type Need } from '../access.ts';
import type { RouteContext, SandboxContext } from '../context.ts';
import { GitHubError } from '../errors.ts';
import { isOpen } from '../pull-git.ts';
import { type ReviewThread, threadsOf } from '../review-threads.ts';
import type { Issue, PullRequest, Repository } from '../state.ts';
import { GraphError } from './execute.ts';

export interface FoundPull {
  repository: Repository;
  pull: PullRequest;
}

/** The kind and the number that a node id stands for. @throws GraphError */
function decode(id: unknown, kind: string): number {
  const text = Buffer.from(String(id ?? ''), 'base64').toString('utf8');
  const number = text.startsWith(kind) ? Number(text.slice(kind.length)) : Number.NaN;
  if (!Number.isInteger(number)) throw unknownNode(id);
  return number;
}

function unknownNode(id: unknown): GraphError {
  return new GraphError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
}

/** The `input` of a mutation. @throws GraphError when there is none */
export function inputOf(args: Record<string, unknown>): Record<string, unknown> {
  const { input } = args;
  if (typeof input !== 'object' || input === null)
    throw new GraphError('UNPROCESSABLE', "Argument 'input' is required");
  return input as Record<string, unknown>;
}

/** A repository by its node id, when the actor may do there what it needs. @throws GraphError */
export function repositoryById(
  c: RouteContext,
  sandbox: SandboxContext,
  id: unknown,
  need: Need,
): Repository {
  const number = decode(id, 'Repository');
  const repository = [...sandbox.state.repositories.values()].find((one) => one.id === number);
  if (!repository) throw unknownNode(id);
  permit(c, sandbox, repository, id, need);
  return repository;
}

/** A pull request by its node id, when the actor may do there what it needs. @throws GraphError */
export function pullById(c: RouteContext, sandbox: SandboxContext, id: unknown, need: Need): FoundPull {
  const number = decode(id, 'PullRequest');
  for (const repository of sandbox.state.repositories.values()) {
    const pull = [...repository.pulls.values()].find((one) => one.id === number);
    if (!pull) continue;
    permit(c, sandbox, repository, id, need);
    return { repository, pull };
  }
  throw unknownNode(id);
}

/** An issue by its node id; pull requests are no issues here. @throws GraphError */
export function issueById(
  c: RouteContext,
  sandbox: SandboxContext,
  id: unknown,
  need: Need,
): { repository: Repository; issue: Issue } {
  const number = decode(id, 'Issue');
  for (const repository of sandbox.state.repositories.values()) {
    const issue = [...repository.issues.values()].find((one) => one.id === number);
    if (!issue || issue.isPullRequest) continue;
    permit(c, sandbox, repository, id, need);
    return { repository, issue };
  }
  throw unknownNode(id);
}

/** A review thread by its node id. @throws GraphError */
export function threadById(
  c: RouteContext,
  sandbox: SandboxContext,
  id: unknown,
  need: Need,
): FoundPull & { thread: ReviewThread } {
  const number = decode(id, 'PullRequestReviewThread');
  for (const repository of sandbox.state.repositories.values()) {
    const pull = repository.pulls.get(repository.reviewComments.get(number)?.pullNumber ?? -1);
    const thread = pull && threadsOf(repository, pull.number).find((one) => one.id === number);
    if (!pull || !thread) continue;
    permit(c, sandbox, repository, id, need);
    return { repository, pull, thread };
  }
  throw unknownNode(id);
}

/** What REST answers 404 for, GraphQL does not find; what REST forbids, it forbids. */
function permit(
  c: RouteContext,
  sandbox: SandboxContext,
  repository: Repository,
  id: unknown,
  need: Need,
): void {
  try {
    authorize(sandbox, c.get('actor'), repository, need);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    throw error.status === 404 ? unknownNode(id) : new GraphError('FORBIDDEN', error.message);
  }
}

/** @throws GraphError for a pull request that is closed. */
export function requireOpen({ repository, pull }: FoundPull): void {
  if (!isOpen(repository, pull)) throw new GraphError('UNPROCESSABLE', 'Pull request is closed');
}
