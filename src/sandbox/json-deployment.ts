import type { SandboxContext } from './context.ts';
import { userJson } from './json.ts';
import { writingApp } from './json-issue.ts';
import { teamJson } from './json-team.ts';
import { nodeId } from './route-input.ts';
import type { Deployment, DeploymentStatus, Environment, Repository } from './state.ts';

type Json = Record<string, unknown>;

export function deploymentJson(
  sandbox: SandboxContext,
  repository: Repository,
  deployment: Deployment,
): Json {
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: userJson(sandbox, deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: api,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: writingApp(sandbox, deployment.appId),
  };
}

export function deploymentStatusJson(
  sandbox: SandboxContext,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
): Json {
  const api = `${sandbox.url()}/repos/${repository.fullName}`;
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: userJson(sandbox, status.creator),
    description: status.description,
    environment: status.environment,
    // The older name of `log_url`.
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: api,
    performed_via_github_app: writingApp(sandbox, status.appId),
  };
}

/** An environment with its rules; each rule has the environment's id and a digit, as GitHub gives rules ids of their own. */
export function environmentJson(sandbox: SandboxContext, repository: Repository, one: Environment): Json {
  const name = encodeURIComponent(one.name);
  const page = `${sandbox.url()}/${repository.fullName}/deployments/activity_log`;
  const rule = (type: string, digit: number, rest: Json) => {
    const id = one.id * 10 + digit;
    return { id, node_id: nodeId('GateType', id), type, ...rest };
  };
  const reviewers = one.reviewers.map(({ type, id }) => ({
    type,
    reviewer: reviewerJson(sandbox, type, id),
  }));
  return {
    id: one.id,
    node_id: nodeId('Environment', one.id),
    name: one.name,
    url: `${sandbox.url()}/repos/${repository.fullName}/environments/${name}`,
    html_url: `${page}?environments_filter=${name}`,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    protection_rules: [
      ...(one.waitTimerMinutes > 0 ? [rule('wait_timer', 1, { wait_timer: one.waitTimerMinutes })] : []),
      ...(reviewers.length > 0
        ? [rule('required_reviewers', 2, { prevent_self_review: one.preventSelfReview, reviewers })]
        : []),
      ...(one.branchPolicy ? [rule('branch_policy', 3, {})] : []),
    ],
    deployment_branch_policy: one.branchPolicy,
  };
}

function reviewerJson(sandbox: SandboxContext, type: 'User' | 'Team', id: number): Json | null {
  if (type === 'User') {
    const user = [...sandbox.state.users.values()].find((one) => one.id === id);
    return user ? userJson(sandbox, user.login) : null;
  }
  for (const organization of sandbox.state.organizations.values()) {
    const team = [...organization.teams.values()].find((one) => one.id === id);
    if (team) return teamJson(sandbox, organization, team);
  }
  return null;
}
