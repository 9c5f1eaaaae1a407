import type { Probot } from 'probot';
import type { JobQueue, Log } from '../promotion/ports.ts';
import type { Intake, Payload } from './deliveries.ts';
import * as deliveries from './deliveries.ts';

/** Each event that Sluice listens to, with what it gives reason to do. `app.yml` subscribes to the same. */
const INTAKES = {
  push: deliveries.onPush,
  pull_request: deliveries.onPullRequest,
  pull_request_review: deliveries.onReview,
  'check_run.completed': deliveries.onCheck,
  'check_run.rerequested': deliveries.onReview,
  'check_suite.completed': deliveries.onCheck,
  'check_suite.rerequested': deliveries.onReview,
  status: deliveries.onStatus,
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
  learn: (repository: string, hint: { installationId?: number; defaultBranch?: string }) => void;
}

/**
 * Registers the intake: each delivery becomes jobs before GitHub gets its answer, and calls GitHub for nothing.
 * Probot verifies the signature before it calls a handler.
 */
export function registerIntake(
  app: Pick<Probot, 'on'>,
  { appId, queue, log, learn }: IntakeDependencies,
): void {
  for (const [event, intake] of Object.entries(INTAKES)) {
    app.on(event as keyof typeof INTAKES, async (context) => {
      const payload = context.payload as unknown as Payload;
      const { repository, installation } = payload;
      if (repository) {
        learn(repository.full_name, {
          installationId: installation?.id,
          defaultBranch: repository.default_branch,
        });
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
