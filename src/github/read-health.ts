import type { HealthReport } from '../domain/health-report.ts';
import type { Report } from '../promotion/ports/health.ts';
import type { RepositoryReader } from '../promotion/ports/repository.ts';
import { isOwn } from './deployments.ts';
import { loginOf } from './read-git.ts';
import type { RepositoryContext } from './repository-context.ts';

type HealthReader = Pick<
  RepositoryReader,
  'listStatusReports' | 'listCheckReports' | 'listDeployments' | 'listDeploymentReports'
>;

const PAGE = 100;

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
      return statuses.map(({ id, context, state, creator, created_at: at }) => ({
        id,
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
      return runs.filter(({ app }) => app?.id !== identity.id).map(toCheckReport);
    },
    async listDeployments(environment) {
      const { data } = await client.rest.repos.listDeployments({ ...repo, environment, per_page: PAGE });
      // Sluice's own mirror what others report, and are no reports themselves.
      const others = data.filter((each) => !isOwn(identity, each));
      return others.map(({ id, sha, creator, created_at: at }) => ({
        id,
        name: environment,
        by: loginOf(creator),
        sha,
        state: 'pending',
        atMs: timeOf(at),
      }));
    },
    async listDeploymentReports({ id, name: environment, sha }) {
      const statuses = await client.paginate(client.rest.repos.listDeploymentStatuses, {
        ...repo,
        deployment_id: id,
        per_page: PAGE,
      });
      return statuses.filter(isReport).map(({ id: status, state, creator, created_at: at }) => ({
        id: status,
        name: environment,
        by: loginOf(creator),
        sha,
        state: stateOf(state, ['pending', 'queued', 'in_progress']),
        atMs: timeOf(at),
      }));
    },
  };
}

interface RawRun {
  id: number;
  name: string;
  app: { slug?: string } | null;
  status: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
}

function toCheckReport({ id, name, app, status, conclusion, ...times }: RawRun): Report {
  const by = app?.slug ? `${app.slug}[bot]` : null;
  const atMs = timeOf(times.completed_at ?? times.started_at);
  const state = status === 'completed' ? stateOf(conclusion, ['neutral', 'skipped']) : 'pending';
  return { id, name, by, state, atMs };
}

/** `inactive` says that another deployment took over, not how this one is. */
function isReport({ state }: { state: string }): boolean {
  return state !== 'inactive';
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
