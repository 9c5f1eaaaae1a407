import type { HealthReport } from '../../domain/health-report.ts';
import { onceEach } from '../once-each.ts';
import type { RepositoryReader } from '../ports/repository.ts';

/** Reads reports of health, the same ones once in a look: many applications stand on the same commits. */
export interface ReportReader {
  on(kind: 'status' | 'check', sha: string): Promise<HealthReport[]>;
  /** Of deployments of these commits to an environment of GitHub. */
  of(environment: string, shas: readonly string[]): Promise<HealthReport[]>;
}

export function makeReportReader(reader: RepositoryReader): ReportReader {
  const keep = onceEach<HealthReport[]>();
  const readCommit = async (kind: 'status' | 'check', sha: string) => {
    const reports = kind === 'status' ? reader.listStatusReports(sha) : reader.listCheckReports(sha);
    return (await reports).map((report) => ({ ...report, sha }));
  };
  return {
    on: (kind, sha) => keep(`${kind} ${sha}`, () => readCommit(kind, sha)),
    async of(environment, shas) {
      const deployments = await keep(`deployments ${environment}`, () => reader.listDeployments(environment));
      const wanted = deployments.filter(({ sha }) => shas.includes(sha));
      const reports = wanted.map(async (made) => {
        const said = await keep(`deployment ${made.id}`, () => reader.listDeploymentReports(made));
        return said.length > 0 ? said : [made];
      });
      return (await Promise.all(reports)).flat();
    },
  };
}
