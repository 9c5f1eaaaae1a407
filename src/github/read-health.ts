import type { HealthReport } from '../domain/health-report.ts';
import type { Report, RepositoryReader } from '../promotion/ports.ts';
import { loginOf, type RepositoryContext } from './read-git.ts';

type HealthReader = Pick<
  RepositoryReader,
  'listStatusReports' | 'listCheckReports' | 'listDeploymentReports'
>;

const PAGE = 100;
/** Deployments to one environment that are asked for their statuses: each costs a call. */
const MOST_DEPLOYMENTS = 20;

/** Reads what commit statuses, check runs and deployments say of an environment. */
export function makeHealthReader({ client, identity, owner, name }: RepositoryContext): HealthReader {
  const repo = { owner, repo: name };
  return {
    async listStatusReports(sha) {
      const statuses = await client.paginate(client.rest.repos.listCommitStatusesForRef, {
        ...repo,
        ref: sha,
        per_page: PAGE,
      });
      return statuses.map(({ context, state, creator, created_at: at }) => ({
        name: context,
        by: loginOf(creator),
        state: stateOf(state, ['pending']),
        atMs: timeOf(at),
      }));
    },
    async listCheckReports(sha) {
      const runs = await client.paginate(client.rest.checks.listForRef, {
        ...repo,
        ref: sha,
        filter: 'all',
        per_page: PAGE,
      });
      return runs
        .filter(({ app }) => app?.id !== identity.id)
        .map(
          ({
            name: check,
            app,
            status,
            conclusion,
            started_at: started,
            completed_at: completed,
          }): Report => {
            const by = app?.slug ? `${app.slug}[bot]` : null;
            const atMs = timeOf(completed ?? started);
            return status === 'completed'
              ? { name: check, by, state: stateOf(conclusion, ['neutral', 'skipped']), atMs }
              : { name: check, by, state: 'pending', atMs };
          },
        );
    },
    async listDeploymentReports(environment) {
      const { data } = await client.rest.repos.listDeployments({
        ...repo,
        environment,
        per_page: MOST_DEPLOYMENTS,
      });
      const reports = data.map(async ({ id, sha, creator, created_at: at }): Promise<HealthReport[]> => {
        const statuses = await client.paginate(client.rest.repos.listDeploymentStatuses, {
          ...repo,
          deployment_id: id,
          per_page: PAGE,
        });
        const made = {
          name: environment,
          by: loginOf(creator),
          sha,
          state: 'pending',
          atMs: timeOf(at),
        } as const;
        return [
          made,
          ...statuses.filter(isReport).map((status) => toDeploymentReport(environment, sha, status)),
        ];
      });
      return (await Promise.all(reports)).flat();
    },
  };
}

/** `inactive` says that another deployment took over, not how this one is. */
function isReport({ state }: { state: string }): boolean {
  return state !== 'inactive';
}

function toDeploymentReport(
  environment: string,
  sha: string,
  { state, creator, created_at: at }: { state: string; creator: object | null; created_at: string },
): HealthReport {
  return {
    name: environment,
    by: loginOf(creator),
    sha,
    state: stateOf(state, ['pending', 'queued', 'in_progress']),
    atMs: timeOf(at),
  };
}

/** Only `success` is healthy; what is not known to be on its way is unhealthy. */
function stateOf(state: string | null, pending: readonly string[]): HealthReport['state'] {
  if (state === 'success') return 'healthy';
  return state !== null && pending.includes(state) ? 'pending' : 'unhealthy';
}

function timeOf(text: string | null): number {
  const atMs = Date.parse(text ?? '');
  if (Number.isNaN(atMs)) throw new Error('GitHub gives no time for a report');
  return atMs;
}
