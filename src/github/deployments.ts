import { z } from 'zod';
import type { DeploymentReader, DeploymentWriter } from '../promotion/ports/deployments.ts';
import type { AppIdentity } from './client.ts';
import { loginOf } from './read-git.ts';
import type { RepositoryContext } from './repository-context.ts';

/** What GitHub tells them by. */
const TASK = 'sluice';

/** What Sluice keeps in a deployment; it is read back as anybody's text. */
const Payload = z.object({
  application: z.string().max(1000),
  environment: z.string().max(1000),
  pull: z.number().int().positive(),
});

/** Whether this App made it: nobody else's login has the brackets of a bot's. */
export function isOwn(
  { botLogin }: AppIdentity,
  { creator }: { creator: Parameters<typeof loginOf>[0] },
): boolean {
  return loginOf(creator) === botLogin;
}

/** The deployments that this App makes, over REST: https://docs.github.com/en/rest/deployments/deployments */
export function makeDeployments({
  client,
  identity,
  owner,
  name,
}: RepositoryContext): DeploymentReader & DeploymentWriter {
  const repo = { owner, repo: name };
  return {
    async listOwnDeployments(environment, sha) {
      const query = { ...repo, environment, task: TASK, per_page: 100, ...(sha !== undefined && { sha }) };
      const { data } = await client.rest.repos.listDeployments(query);
      return data
        .filter((each) => isOwn(identity, each))
        .map(({ id, payload }) => ({ id, of: parse(payload) }));
    },
    async readDeploymentState(id) {
      const query = { ...repo, deployment_id: id, per_page: 1 };
      const { data } = await client.rest.repos.listDeploymentStatuses(query);
      return data[0]?.state ?? null;
    },
    async createDeployment({ environment, sha, of, description }) {
      const { data } = await client.rest.repos.createDeployment({
        ...repo,
        ref: sha,
        environment,
        description,
        task: TASK,
        payload: JSON.stringify(of),
        auto_merge: false,
        required_contexts: [],
      });
      if (!('id' in data)) throw new Error('GitHub made no deployment of a commit that has merged');
      return data.id;
    },
    async reportDeployment(id, { state, description, url }) {
      await client.rest.repos.createDeploymentStatus({
        ...repo,
        deployment_id: id,
        state,
        description,
        log_url: url,
        // Several applications may share an environment: one's success says nothing of the others.
        auto_inactive: false,
      });
    },
  };
}

/** GitHub gives the payload as it was sent, or as text. */
function parse(payload: unknown): z.infer<typeof Payload> | null {
  try {
    const read = Payload.safeParse(typeof payload === 'string' ? JSON.parse(payload) : payload);
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
