import type { SandboxContext } from './context.ts';
import { repositoryJson, userJson } from './json.ts';
import { nodeId } from './route-input.ts';
import type { Release, Repository, Workflow, WorkflowRun } from './state.ts';

type Json = Record<string, unknown>;

export function workflowJson(sandbox: SandboxContext, repository: Repository, workflow: Workflow): Json {
  const page = `${sandbox.url()}/${repository.fullName}`;
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    url: `${sandbox.url()}/repos/${repository.fullName}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
  };
}

export function workflowRunJson(sandbox: SandboxContext, repository: Repository, run: WorkflowRun): Json {
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const url = `${api}/actions/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('WorkflowRun', run.id),
    name: run.name,
    path: run.path,
    display_title: run.name,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    run_number: run.runNumber,
    run_attempt: 1,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    workflow_url: `${api}/actions/workflows/${run.workflowId}`,
    url,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    // GitHub Actions has a suite for each run; here nobody else sees it, and the run's own id stands for it.
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CheckSuite', run.id),
    check_suite_url: `${api}/check-suites/${run.id}`,
    head_commit: run.headCommit,
    referenced_workflows: [],
    html_url: `${sandbox.url()}/${repository.fullName}/commit/${run.headSha}#run-${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    actor: userJson(sandbox, run.actor),
    triggering_actor: userJson(sandbox, run.actor),
    repository: repositoryJson(sandbox, repository),
    head_repository: repositoryJson(sandbox, repository),
  };
}

export function releaseJson(sandbox: SandboxContext, repository: Repository, release: Release): Json {
  const tag = encodeURIComponent(release.tagName);
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const url = `${api}/releases/${release.id}`;
  return {
    id: release.id,
    node_id: nodeId('Release', release.id),
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: `${sandbox.url()}/${repository.fullName}/releases/tag/${tag}`,
    tag_name: release.tagName,
    target_commitish: release.targetCommitish,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    author: userJson(sandbox, release.author),
    assets: [],
    created_at: release.createdAt,
    published_at: release.publishedAt,
    updated_at: release.publishedAt ?? release.createdAt,
    immutable: false,
    tarball_url: release.draft ? null : `${api}/tarball/${tag}`,
    zipball_url: release.draft ? null : `${api}/zipball/${tag}`,
  };
}
