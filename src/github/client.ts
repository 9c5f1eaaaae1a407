import type { ProbotOctokit } from 'probot';

/** An Octokit as Probot makes them: authenticated, throttled, retrying. */
export type Client = Pick<InstanceType<typeof ProbotOctokit>, 'rest' | 'paginate' | 'graphql'>;

/** Who the App is on GitHub. */
export interface AppIdentity {
  id: number;
  /** Login of the App's bot user, `SLUG[bot]`: what it writes is written by this user. */
  botLogin: string;
}

/** Reads who the App is, with a client that is authenticated as the App. */
export async function readIdentity(client: Client): Promise<AppIdentity> {
  const { data } = await client.rest.apps.getAuthenticated();
  if (!data?.slug) throw new Error('GitHub does not know this App: check APP_ID and PRIVATE_KEY');
  return identityOf(data.id, data.slug);
}

export function identityOf(id: number, slug: string): AppIdentity {
  return { id, botLogin: `${slug}[bot]` };
}

/** HTTP status of an error that GitHub answered with; null for anything else. */
export function statusOf(error: unknown): number | null {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : null;
}

/** What GitHub said of an error, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
