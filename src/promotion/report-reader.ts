import type { HealthReport } from '../domain/health-report.ts';
import type { Report, RepositoryReader } from './ports.ts';

/** Reads reports of health, the same ones once in a look: many applications stand on the same commits. */
export interface ReportReader {
  on(kind: 'status' | 'check', sha: string): Promise<Report[]>;
  of(deployment: string): Promise<HealthReport[]>;
}

export function makeReportReader(reader: RepositoryReader): ReportReader {
  const onCommits = new Map<string, Promise<Report[]>>();
  const deployments = new Map<string, Promise<HealthReport[]>>();
  return {
    on: (kind, sha) =>
      keep(onCommits, `${kind} ${sha}`, () =>
        kind === 'status' ? reader.listStatusReports(sha) : reader.listCheckReports(sha),
      ),
    of: (environment) => keep(deployments, environment, () => reader.listDeploymentReports(environment)),
  };
}

function keep<Value>(
  kept: Map<string, Promise<Value>>,
  key: string,
  read: () => Promise<Value>,
): Promise<Value> {
  const found = kept.get(key) ?? read();
  kept.set(key, found);
  return found;
}
