import type { Probot } from 'probot';
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
  deployment_status: deliveries.onReview,
  'workflow_run.completed': deliveries.onWorkflowRun,
  'release.published': deliveries.onRelease,
  repository_dispatch: deliveries.onDispatch,
  'issue_comment.created': deliveries.onComment,
  'installation.created': deliveries.onInstallation,
  'installation.unsuspend': deliveries.onInstallation,
  'installation_repositories.added': deliveries.onInstallation,
} as const satisfies Record<string, Intake>;

export interface IntakeDependencies {
  appId: number;
  queue: JobQueue;
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

/**
 * Registers the intake: each delivery becomes jobs before GitHub gets its answer, and calls GitHub for nothing.
 * Probot verifies the signature before it calls a handler.
 */
export function registerIntake(
  app: Pick<Probot, 'on'>,
  { appId, queue, log, learn, now = Date.now }: IntakeDependencies,
): void {
  for (const [event, intake] of Object.entries(INTAKES)) {
    app.on(event as keyof typeof INTAKES, async (context) => {
      const payload = context.payload as unknown as Payload;
      const { repository, installation } = payload;
      if (repository) {
        learn(repository.full_name, { installationId: installation?.id, ...branchOf(payload, now()) });
      }
      const jobs = intake(payload, appId);
      for (const job of jobs) await queue.add(job);
      log.info(
        {
          delivery: context.id,
          event,
          repository: repository?.full_name,
          jobs: jobs.map(({ kind }) => kind),
        },
        'delivery taken',
      );
    });
  }
}
