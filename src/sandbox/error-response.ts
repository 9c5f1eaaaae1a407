import { GitHubError } from './errors.ts';

/** An error in GitHub's shape. What nobody planned for is a 500 with its message, to be seen in tests. */
export function errorResponse(error: unknown): Response {
  const known = error instanceof GitHubError ? error : new GitHubError(500, describe(error));
  return Response.json(
    {
      message: known.message,
      ...(known.errors === undefined ? {} : { errors: known.errors }),
      documentation_url: 'https://docs.github.com/rest',
      status: String(known.status),
    },
    { status: known.status },
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? `Server Error: ${error.message}` : 'Server Error';
}
