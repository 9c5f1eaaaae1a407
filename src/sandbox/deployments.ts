import type { SandboxContext } from './context.ts';
import { deploymentJson, deploymentStatusJson } from './json-deployment.ts';
import { timestamp } from './route-input.ts';
import type { Deployment, DeploymentStatus, Environment, Repository, User } from './state.ts';

/** The environment of the name, made with no rules when there is none. Case does not matter in names. */
export function ensureEnvironment(
  sandbox: SandboxContext,
  repository: Repository,
  name: string,
): Environment {
  const key = name.toLowerCase();
  const found = repository.environments.get(key);
  if (found) return found;
  const now = timestamp(sandbox);
  const environment: Environment = {
    id: sandbox.nextId(),
    name,
    createdAt: now,
    updatedAt: now,
    waitTimerMinutes: 0,
    preventSelfReview: false,
    reviewers: [],
    branchPolicy: null,
  };
  repository.environments.set(key, environment);
  return environment;
}

/** State that a deployment is in: that of its last status. */
export function deploymentState(deployment: Deployment): DeploymentStatus['state'] {
  return deployment.statuses.at(-1)?.state ?? 'pending';
}

/** Keeps a new deployment, its environment with it, and tells the Apps. */
export function addDeployment(
  sandbox: SandboxContext,
  repository: Repository,
  deployment: Deployment,
  sender: User,
): void {
  ensureEnvironment(sandbox, repository, deployment.environment);
  repository.deployments.set(deployment.id, deployment);
  const json = deploymentJson(sandbox, repository, deployment);
  const payload = { deployment: json, workflow: null, workflow_run: null };
  sandbox.emit('deployment', { repository, sender, action: 'created', payload });
}

/**
 * Adds a status to a deployment. A success makes what was deployed there before inactive:
 * https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status
 */
export function addStatus(
  sandbox: SandboxContext,
  repository: Repository,
  deployment: Deployment,
  input: { status: Omit<DeploymentStatus, 'id' | 'createdAt'>; autoInactive: boolean; sender: User },
): DeploymentStatus {
  const status = { ...input.status, id: sandbox.nextId(), createdAt: timestamp(sandbox) };
  deployment.statuses.push(status);
  deployment.updatedAt = status.createdAt;
  deployment.environment = status.environment;
  emitStatus(sandbox, repository, deployment, status, input.sender);
  if (status.state === 'success' && input.autoInactive) retireOthers(sandbox, repository, deployment, status);
  return status;
}

function retireOthers(
  sandbox: SandboxContext,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
): void {
  for (const other of repository.deployments.values()) {
    const isPrior = other.id < deployment.id && other.environment === deployment.environment;
    if (!isPrior || other.transient || other.production || deploymentState(other) !== 'success') continue;
    other.statuses.push({ ...status, id: sandbox.nextId(), state: 'inactive', description: '' });
    other.updatedAt = status.createdAt;
  }
}

function emitStatus(
  sandbox: SandboxContext,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
  sender: User,
): void {
  // https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status: none for `inactive`.
  if (status.state === 'inactive') return;
  const payload = {
    deployment_status: deploymentStatusJson(sandbox, repository, deployment, status),
    deployment: deploymentJson(sandbox, repository, deployment),
    check_run: null,
    workflow: null,
    workflow_run: null,
  };
  sandbox.emit('deployment_status', { repository, sender, action: 'created', payload });
}
