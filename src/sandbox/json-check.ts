import { urlPath } from './commit-json.ts';
import type { SandboxContext } from './context.ts';
import { appJson, repositoryJson, userJson } from './json.ts';
import { isOpen } from './pull-git.ts';
import { latestCheckRuns } from './required-checks.ts';
import { nodeId } from './route-input.ts';
import type { CheckRun, CheckSuite, CommitStatus, Repository } from './state.ts';

type Json = Record<string, unknown>;

function app(sandbox: SandboxContext, appId: number): Json | null {
  const found = sandbox.state.apps.get(appId);
  return found ? appJson(sandbox, found) : null;
}

/** Open pull requests of this repository with the head; those of forks are left out, as on GitHub. */
function pullsAt(sandbox: SandboxContext, repository: Repository, sha: string): Json[] {
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const repo = { id: repository.id, name: repository.name, url: api };
  return [...repository.pulls.values()]
    .filter(
      (pull) =>
        pull.headSha === sha && pull.headRepository === repository.fullName && isOpen(repository, pull),
    )
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${api}/pulls/${pull.number}`,
      head: { ref: pull.headRef, sha: pull.headSha, repo },
      base: { ref: pull.baseRef, sha: pull.baseSha, repo },
    }));
}

export function checkRunJson(sandbox: SandboxContext, repository: Repository, run: CheckRun): Json {
  const url = `${sandbox.url()}/repos/${repository.fullName}/check-runs/${run.id}`;
  const page = `${sandbox.url()}/${repository.fullName}/commit/${run.headSha}#check-${run.id}`;
  const { annotations, ...output } = run.output;
  return {
    id: run.id,
    node_id: nodeId('CheckRun', run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...output, annotations_count: annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suiteId },
    app: app(sandbox, run.appId),
    pull_requests: pullsAt(sandbox, repository, run.headSha),
  };
}

/** Annotations of a run, with what the App left out. */
export function annotationsJson(sandbox: SandboxContext, repository: Repository, run: CheckRun): Json[] {
  const blobs = `${sandbox.url()}/${repository.fullName}/blob/${run.headSha}`;
  return run.output.annotations.map((annotation) => ({
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    ...annotation,
    blob_href: `${blobs}/${urlPath(String(annotation.path))}`,
  }));
}

/** Status and conclusion of a suite: those of its latest runs together. */
export function suiteResult(
  repository: Repository,
  suite: CheckSuite,
): { status: string; conclusion: string | null; runs: CheckRun[] } {
  const runs = latestCheckRuns(repository, suite.headSha).filter((run) => run.suiteId === suite.id);
  if (runs.length === 0 || suite.isReset) return { status: 'queued', conclusion: null, runs };
  if (runs.some((run) => run.status !== 'completed')) {
    const started = runs.some((run) => run.status !== 'queued');
    return { status: started ? 'in_progress' : 'queued', conclusion: null, runs };
  }
  const worstFirst = [
    'failure',
    'timed_out',
    'cancelled',
    'action_required',
    'stale',
    'success',
    'neutral',
    'skipped',
  ];
  const conclusion = worstFirst.find((one) => runs.some((run) => run.conclusion === one)) ?? null;
  return { status: 'completed', conclusion, runs };
}

export function checkSuiteJson(sandbox: SandboxContext, repository: Repository, suite: CheckSuite): Json {
  const url = `${sandbox.url()}/repos/${repository.fullName}/check-suites/${suite.id}`;
  const { status, conclusion, runs } = suiteResult(repository, suite);
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status,
    conclusion,
    url,
    before: null,
    after: suite.headSha,
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    head_commit: suite.headCommit,
    repository: repositoryJson(sandbox, repository),
    rerequestable: true,
    runs_rerequestable: true,
    pull_requests: pullsAt(sandbox, repository, suite.headSha),
    app: app(sandbox, suite.appId),
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
  };
}

export function statusJson(sandbox: SandboxContext, repository: Repository, status: CommitStatus): Json {
  return {
    id: status.id,
    node_id: nodeId('Status', status.id),
    url: `${sandbox.url()}/repos/${repository.fullName}/statuses/${status.sha}`,
    avatar_url: `${sandbox.url()}/avatars/${status.id}`,
    state: status.state,
    context: status.context,
    description: status.description,
    target_url: status.targetUrl,
    created_at: status.createdAt,
    updated_at: status.updatedAt,
    creator: userJson(sandbox, status.creator),
  };
}
