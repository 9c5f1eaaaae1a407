import type { DeploymentReader, DeploymentWriter } from '../../src/promotion/ports/deployments.ts';
import type { Memory } from './state.ts';

/** Deployments as the App reads and makes them, in memory. */
export function makeMemoryDeployments({ deployments, nextId }: Memory): DeploymentReader & DeploymentWriter {
  return {
    async listOwnDeployments(environment, sha) {
      const found = [...deployments].filter(
        ([, each]) => each.environment === environment && (sha === undefined || each.sha === sha),
      );
      return found.map(([id, { of }]) => ({ id, of })).reverse();
    },
    async readDeploymentState(id) {
      return deployments.get(id)?.states.at(-1) ?? null;
    },
    async createDeployment({ environment, sha, of }) {
      const id = nextId();
      deployments.set(id, { environment, sha, of, states: [] });
      return id;
    },
    async reportDeployment(id, { state }) {
      deployments.get(id)!.states.push(state);
    },
  };
}
