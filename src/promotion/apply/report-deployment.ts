import { isSameTarget } from '../../domain/hold.ts';
import type { Action } from '../plan/plan-types.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';
import type { DueDeployment } from '../snapshot.ts';

const LONGEST = 140;

/** Of releases before, those that may still count as active: one that failed retired none. */
const MOST_RETIRED = 10;

/**
 * Says on GitHub how the deployment of a promotion is, and makes it when there is none. A success takes the place of the
 * releases before, whose deployments then are inactive: said first, so that a crash in between is made up for.
 */
export async function reportDeployment(
  host: RepositoryReader & RepositoryWriter,
  { deployment, state, description }: Extract<Action, { kind: 'report-deployment' }>,
): Promise<void> {
  const { application, environment, name, sha, release, pull, existing } = deployment;
  const id =
    existing?.id ??
    (await host.createDeployment({
      environment: name,
      sha,
      of: { application, environment, pull: pull.number },
      description: `${application} ${release} in ${environment}`.slice(0, LONGEST),
    }));
  const retired = state === 'success' ? await findActive(host, deployment, id) : [];
  // The oldest first: the next look stops at the first that is inactive.
  for (const other of retired.reverse())
    await host.reportDeployment(other, {
      state: 'inactive',
      description: `${release} took its place`.slice(0, LONGEST),
      url: pull.url,
    });
  await host.reportDeployment(id, { state, description, url: pull.url });
}

/** Deployments of the target before this one, newest first, up to the first that is inactive. */
async function findActive(host: RepositoryReader, deployment: DueDeployment, id: number): Promise<number[]> {
  const own = (await host.listOwnDeployments(deployment.name)).filter(
    ({ of }) => of !== null && isSameTarget(of, deployment),
  );
  const active: number[] = [];
  for (const other of own.filter((each) => each.id < id).slice(0, MOST_RETIRED)) {
    if ((await host.readDeploymentState(other.id)) === 'inactive') break;
    active.push(other.id);
  }
  return active;
}
