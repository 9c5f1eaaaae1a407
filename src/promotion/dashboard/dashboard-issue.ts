import type { Issue } from '../ports/issues.ts';
import type { RepositoryReader, RepositoryWriter } from '../ports/repository.ts';

/** Stands in the text: by it, and by who wrote it, the issue is known again. */
export const DASHBOARD_MARK = '<!-- sluice:dashboard -->';

/** By which the issue is found when no database tells its number. */
export const DASHBOARD_LABEL = 'sluice-dashboard';

const TITLE = 'Sluice dashboard';

/** Whether a text is that of a dashboard; that the App wrote the issue is for the caller to know. */
export function isDashboard(body: string): boolean {
  return body.includes(DASHBOARD_MARK);
}

/** The dashboard, open or closed: the issue with this number, or else the oldest that is one. */
export async function findDashboard(reader: RepositoryReader, number: number | null): Promise<Issue | null> {
  const known = number === null ? null : await reader.readIssue(number);
  if (known?.isSluices) return known;
  const own = await reader.listOwnIssues(DASHBOARD_LABEL);
  return own.find(({ isSluices, body }) => isSluices && isDashboard(body)) ?? null;
}

export function openDashboard(
  writer: RepositoryWriter,
  body: string,
): ReturnType<RepositoryWriter['openIssue']> {
  return writer.openIssue({ title: TITLE, body, labels: [DASHBOARD_LABEL] });
}
