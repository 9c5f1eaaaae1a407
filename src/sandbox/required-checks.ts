import type { CheckDemand } from './branch-rules.ts';
import type { CheckRun, CommitStatus, Repository } from './state.ts';

export type CheckOutcome = 'satisfied' | 'expected' | 'pending' | 'failing';

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
  if (run.status !== 'completed') return 'pending';
  return PASSING.has(run.conclusion ?? '') ? 'satisfied' : 'failing';
}

export function statusOutcome(status: CommitStatus): CheckOutcome {
  if (status.state === 'pending') return 'pending';
  return status.state === 'success' ? 'satisfied' : 'failing';
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
  return (
    outcomes.find((outcome) => outcome === 'failing') ??
    outcomes.find((one) => one === 'pending') ??
    'satisfied'
  );
}

/** Why the checks do not allow a commit in, in GitHub's words; empty when they do. */
export function checkReasons(repository: Repository, sha: string, demand: CheckDemand): string[] {
  const open = demand.checks
    .map((check) => ({ ...check, outcome: requiredCheckOutcome(repository, sha, check) }))
    .filter((check) => check.outcome !== 'satisfied');
  if (open.length === 0) return [];
  const [first] = open;
  if (first && open.length === 1) return [`Required status check "${first.context}" is ${first.outcome}.`];
  const counts = (['failing', 'pending', 'expected'] as const)
    .map((outcome) => ({ outcome, count: open.filter((check) => check.outcome === outcome).length }))
    .filter(({ count }) => count > 0);
  if (counts.length === 1)
    return [`${open.length} of ${demand.checks.length} required status checks are ${first?.outcome}.`];
  const parts = counts.map(({ outcome, count }) => `${count} ${outcome}`).join(', ');
  return [`${open.length} of ${demand.checks.length} required status checks have not succeeded: ${parts}.`];
}
