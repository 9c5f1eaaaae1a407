import type { Action } from '../plan/plan-types.ts';
import type { RepositoryWriter } from '../ports/repository.ts';

const LONGEST = 140;

/**
 * Says on GitHub how the deployment of a promotion is, and makes it when there is none. A success takes the place of the
 * release before, whose deployment then is inactive: said first, so that a crash between the two is made up for.
 */
export async function reportDeployment(
  host: RepositoryWriter,
  { deployment, state, description }: Extract<Action, { kind: 'report-deployment' }>,
): Promise<void> {
  const { application, environment, name, sha, release, pull, existing, previousId } = deployment;
  const id =
    existing?.id ??
    (await host.createDeployment({
      environment: name,
      sha,
      of: { application, environment, pull: pull.number },
      description: `${application} ${release} in ${environment}`.slice(0, LONGEST),
    }));
  if (state === 'success' && previousId !== null)
    await host.reportDeployment(previousId, {
      state: 'inactive',
      description: `${release} took its place`.slice(0, LONGEST),
      url: pull.url,
    });
  await host.reportDeployment(id, { state, description, url: pull.url });
}
