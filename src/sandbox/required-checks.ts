import type { CheckDemand } from './rule-demands.ts';
import type { CheckRun, CommitStatus, Repository } from './state.ts';

/** In the words that GitHub's refusals use; check runs are `in progress`, statuses `pending`. */
export type CheckOutcome =
  | 'satisfied'
  | 'expected'
  | 'pending'
  | 'queued'
  | 'in progress'
  | 'failing'
  | 'errored';

/** `neutral` and `skipped` satisfy too: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks */
const PASSING = new Set(['success', 'neutral', 'skipped']);

/** The latest run of each name and App at a commit, newest first. */
export function latestCheckRuns(repository: Repository, sha: string): CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const run of repository.checkRuns.values()) {
    if (run.headSha !== sha) continue;
    const key = `${run.appId}:${run.name}`;
    if (run.id > (latest.get(key)?.id ?? 0)) latest.set(key, run);
  }
  return [...latest.values()].sort((a, b) => b.id - a.id);
}

/** The latest status of each context at a commit, newest first. */
export function latestStatuses(repository: Repository, sha: string): CommitStatus[] {
  const latest = new Map<string, CommitStatus>();
  for (const status of repository.statuses) if (status.sha === sha) latest.set(status.context, status);
  return [...latest.values()].sort((a, b) => b.id - a.id);
}

export function checkRunOutcome(run: CheckRun): CheckOutcome {
  if (run.status !== 'completed') return run.status === 'in_progress' ? 'in progress' : 'queued';
  return PASSING.has(run.conclusion ?? '') ? 'satisfied' : 'failing';
}

export function statusOutcome(status: CommitStatus): CheckOutcome {
  if (status.state === 'pending') return 'pending';
  if (status.state === 'success') return 'satisfied';
  return status.state === 'error' ? 'errored' : 'failing';
}

/**
 * How one required context stands at a commit. Pinned to an App, only that App's check runs count.
 * When a check and a status share the name, both are required.
 */
function requiredCheckOutcome(
  repository: Repository,
  sha: string,
  required: { context: string; appId: number | null },
): CheckOutcome {
  const runs = latestCheckRuns(repository, sha).filter(
    (run) => run.name === required.context && (required.appId === null || run.appId === required.appId),
  );
  const statuses =
    required.appId === null
      ? latestStatuses(repository, sha).filter((status) => status.context === required.context)
      : [];
  const outcomes = [...runs.map(checkRunOutcome), ...statuses.map(statusOutcome)];
  if (outcomes.length === 0) return 'expected';
  const worstFirst = ['failing', 'errored', 'pending', 'in progress', 'queued'] as const;
  return worstFirst.find((outcome) => outcomes.includes(outcome)) ?? 'satisfied';
}

/** How the required checks of a commit stand together: for a queue that waits for them. */
export function checksAt(
  repository: Repository,
  sha: string,
  demands: CheckDemand[],
): 'satisfied' | 'waiting' | 'failed' {
  const outcomes = demands.flatMap((demand) =>
    demand.checks.map((check) => requiredCheckOutcome(repository, sha, check)),
  );
  if (outcomes.some((one) => one === 'failing' || one === 'errored')) return 'failed';
  return outcomes.every((one) => one === 'satisfied') ? 'satisfied' : 'waiting';
}

/** Why the checks do not allow a commit in, in GitHub's words; empty when they do. */
export function checkReasons(repository: Repository, sha: string, demand: CheckDemand): string[] {
  return say(
    demand,
    demand.checks.map((check) => ({
      context: check.context,
      outcome: requiredCheckOutcome(repository, sha, check),
    })),
  );
}

/** A head that is behind its base under `strict`: GitHub then calls every check `expected`, passed or not. */
export function behindReasons(demand: CheckDemand): string[] {
  return say(
    demand,
    demand.checks.map(({ context }) => ({ context, outcome: 'expected' })),
  );
}

function say(demand: CheckDemand, all: { context: string; outcome: CheckOutcome }[]): string[] {
  const open = all.filter((check) => check.outcome !== 'satisfied');
  const [first] = open;
  if (!first) return [];
  if (open.length === 1) return [`Required status check "${first.context}" is ${first.outcome}.`];
  const some = `${open.length} of ${demand.checks.length} required status checks`;
  if (open.every((check) => check.outcome === first.outcome)) return [`${some} are ${first.outcome}.`];
  // Runs that are under way are part of the number, and GitHub does not name them.
  const parts = (['errored', 'expected', 'failing', 'pending'] as const)
    .map((outcome) => ({ outcome, count: open.filter((check) => check.outcome === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${outcome}`);
  return [`${some} have not succeeded: ${inWords(parts)}.`];
}

function inWords(parts: string[]): string {
  if (parts.length < 3) return parts.join(' and ');
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`;
}
