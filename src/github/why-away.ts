import { type Client, messageOf, statusOf } from './client.ts';

/** Answers of GitHub that may mean that the repository is not there for the App any more. */
const ABSENT = [301, 401, 403, 404, 410, 451];

/**
 * Asks GitHub whether the App may still work on a repository, in two calls at most, after something failed there. Says
 * for people why not; null when it may, when nobody knows, and at once when `error` has other reasons.
 */
export async function whyAway(
  auth: (installationId?: number) => Promise<Client>,
  owner: string,
  repo: string,
  error: unknown,
): Promise<string | null> {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  if (!errors.some(mayBeAbsence)) return null;
  try {
    const { data: installation } = await (await auth()).rest.apps.getRepoInstallation({ owner, repo });
    if (installation.suspended_at) return 'the installation of the App is suspended';
    const { data } = await (await auth(installation.id)).rest.repos.get({ owner, repo });
    if (data.full_name.toLowerCase() !== `${owner}/${repo}`.toLowerCase())
      return `it is called ${data.full_name} now`;
    if (data.archived) return 'it is archived';
    return data.disabled ? 'GitHub has disabled it' : null;
  } catch (reason) {
    return statusOf(reason) === 404 ? 'it is gone, or the App is not installed on it any more' : null;
  }
}

function mayBeAbsence(error: unknown): boolean {
  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
  return ABSENT.includes(statusOf(error) ?? 0) && !/rate limit|abuse/i.test(messageOf(error));
}
