/** What the local GitHub answers instead of a result; server.ts turns it into GitHub's JSON. */
export class GitHubError extends Error {
  readonly status: number;
  readonly errors?: unknown[];
  constructor(status: number, message: string, errors?: unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** The answer for what is not there and for what the actor may not know of. */
export function notFound(): GitHubError {
  return new GitHubError(404, 'Not Found');
}
