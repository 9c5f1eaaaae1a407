import type { HealthReport } from '../../domain/health-report.ts';

/** A report of health, of a commit that is known. */
export type Report = Omit<HealthReport, 'sha'>;

/** What was reported of the health of environments, over time. */
export interface HealthReader {
  /** Every commit status of a commit, those that newer ones replaced too. */
  listStatusReports(sha: string): Promise<Report[]>;
  /** Check runs of a commit, this App's own left out. */
  listCheckReports(sha: string): Promise<Report[]>;
  /** The latest deployments to an environment of GitHub, as one that has not reported is: pending since it was made. */
  listDeployments(environment: string): Promise<HealthReport[]>;
  /** What a deployment has reported, but for having been replaced. */
  listDeploymentReports(deployment: HealthReport): Promise<HealthReport[]>;
}
