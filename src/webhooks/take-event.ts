import type { RepositoryHint } from '../promotion/ports/host.ts';
import type { JobQueue } from '../promotion/ports/jobs.ts';
import type { Log } from '../promotion/ports/log.ts';
import type { Intake, Payload } from './deliveries.ts';
import * as deliveries from './deliveries.ts';

/** Each event that Sluice listens to, with what it gives reason to do. `app.yml` subscribes to the same. */
const INTAKES = {
  push: deliveries.onPush,
  pull_request: deliveries.onPullRequest,
  pull_request_review: deliveries.onReview,
  'check_run.completed': deliveries.onCheck,
  'check_run.rerequested': deliveries.onReview,
  'check_run.requested_action': deliveries.onButton,
  'check_suite.completed': deliveries.onCheck,
  'check_suite.rerequested': deliveries.onReview,
  'merge_group.checks_requested': deliveries.onMergeGroup,
  status: deliveries.onStatus,
  deployment_status: deliveries.onDeployment,
  'workflow_run.completed': deliveries.onWorkflowRun,
  'release.published': deliveries.onRelease,
  repository_dispatch: deliveries.onDispatch,
  'issue_comment.created': deliveries.onComment,
  'issue_comment.edited': deliveries.onEditedComment,
  'issues.edited': deliveries.onIssueEdit,
  'issues.reopened': deliveries.onIssueReopened,
  'installation.created': deliveries.onInstallation,
  'installation.unsuspend': deliveries.onInstallation,
  'installation_repositories.added': deliveries.onInstallation,
} as const satisfies Record<string, Intake>;

/** Their names, without actions. */
export const INTAKE_EVENTS: ReadonlySet<string> = new Set(
  Object.keys(INTAKES).map((key) => key.split('.', 1)[0] ?? key),
);

/**
 * Events that nothing but their delivery tells of: what they say stands nowhere on GitHub, or where a sweep does not
 * look, as the branch that a merged promotion leaves. All others a sweep makes up for.
 */
const ONLY_TOLD: readonly string[] = [
  'repository_dispatch',
  'check_run.requested_action',
  'issues.edited',
  'pull_request.closed',
];

/** Whether an event can only be recovered from GitHub's log of deliveries. */
export function isOnlyTold({ event, action }: { event: string; action: string | null }): boolean {
  return ONLY_TOLD.includes(event) || ONLY_TOLD.includes(`${event}.${action}`);
}

export interface IntakeDependencies {
  appId: number;
  queue: Pick<JobQueue, 'add'>;
  log: Log;
  /** Keeps what a delivery tells of a repository, so that it need not be asked for. */
  learn: (repository: string, hint: RepositoryHint) => void;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** A push that is told of within this time tells how the repository is, as a question would. */
const FRESH_MS = 60_000;

/**
 * GitHub delivers again what is days old, and the default branch may have changed since. Only a push that has just
 * happened, by GitHub's own time, is believed; any other delivery gives at most reason to ask.
 */
function branchOf({ repository, ref }: Payload, nowMs: number): RepositoryHint {
  const { default_branch: branch, pushed_at: pushedAt } = repository ?? {};
  const isFresh =
    ref !== undefined && typeof pushedAt === 'number' && Math.abs(nowMs - pushedAt * 1000) < FRESH_MS;
  return isFresh ? { defaultBranch: branch } : { namedBranch: branch };
}

/** An event as GitHub tells of it: a webhook, or what its log of them holds. */
export interface Told {
  /** The same for a delivery and all its redeliveries. */
  id: string;
  payload: Payload;
  /** When GitHub sent it first, in milliseconds since the epoch; left out when it comes just now. */
  toldAtMs?: number;
}

/** Makes jobs of an event; resolves when they can no longer be lost. */
export type TakeEvent = (event: string, told: Told) => Promise<void>;

/** Each event becomes jobs, and calls GitHub for nothing. What Sluice does not listen to makes none. */
export function makeIntake({ appId, queue, log, learn, now = Date.now }: IntakeDependencies): TakeEvent {
  return async (event, { id, payload, toldAtMs }) => {
    const intake = findIntake(event, payload.action);
    if (!intake) return;
    const { repository, installation } = payload;
    if (repository) {
      learn(repository.full_name, { installationId: installation?.id, ...branchOf(payload, now()) });
    }
    const jobs = intake(payload, appId, toldAtMs);
    for (const [index, job] of jobs.entries()) await queue.add(job, { delivery: id, index });
    const kinds = jobs.map(({ kind }) => kind);
    log.info({ delivery: id, event, repository: repository?.full_name, jobs: kinds }, 'delivery taken');
  };
}

function findIntake(event: string, action: string | undefined): Intake | undefined {
  const intakes: Record<string, Intake> = INTAKES;
  return intakes[event] ?? intakes[`${event}.${action}`];
}
