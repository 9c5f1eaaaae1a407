/** What a commit status, a check run or a deployment says of an environment. */
export interface HealthReport {
  /** Context of the status, name of the check run, environment of the deployment. */
  name: string;
  /** Login of who wrote it, `SLUG[bot]` for an App; null when GitHub does not tell. */
  by: string | null;
  state: 'healthy' | 'unhealthy' | 'pending';
  /** When GitHub recorded it: milliseconds since the epoch. */
  atMs: number;
  /** GitHub's id of it, which rises: times are whole seconds. */
  id: number;
  /** Commit that it speaks of. */
  sha: string;
}

/** The state of an environment, and since when; `missing` without any report. */
export interface Health {
  state: HealthReport['state'] | 'missing';
  sinceMs: number | null;
  sha: string | null;
}

/** Worst first. */
const STATES = ['unhealthy', 'pending', 'healthy'] as const;

/**
 * What reports of one release come to. The latest of each name counts, and the state has lasted since the first of
 * the unbroken row that it ends. With several names the worst counts, and of the healthy ones the youngest.
 */
export function summarizeHealth(reports: readonly HealthReport[]): Health {
  const names = [...new Set(reports.map(({ name }) => name))];
  const rows = names.map((name) => summarizeRow(reports.filter((report) => report.name === name)));
  for (const state of STATES) {
    const youngest = rows.filter((row) => row.state === state).sort((a, b) => b.sinceMs - a.sinceMs)[0];
    if (youngest) return youngest;
  }
  return { state: 'missing', sinceMs: null, sha: null };
}

function summarizeRow(reports: readonly HealthReport[]) {
  const latestFirst = reports.toSorted((a, b) => b.atMs - a.atMs || b.id - a.id);
  const latest = latestFirst[0]!;
  const end = latestFirst.findIndex(({ state }) => state !== latest.state);
  const first = latestFirst[(end === -1 ? latestFirst.length : end) - 1]!;
  return { state: latest.state, sinceMs: first.atMs, sha: latest.sha };
}
