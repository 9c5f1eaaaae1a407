import { createHash, randomUUID } from 'node:crypto';
import type { SandboxContext } from './context.ts';

/** One thing that has a date of its own; lists and what is computed have none. */
const DATED =
  /^\/(repos\/[^/]+\/[^/]+(\/(issues|pulls|issues\/comments|milestones|deployments)\/\d+|\/(git\/)?commits\/[^/]+)?|users\/[^/]+|orgs\/[^/]+|user)$/;

/**
 * Adds what every answer of the API carries; a GET that the client has already becomes 304.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
export async function finish(
  sandbox: SandboxContext,
  request: Request,
  path: string,
  result: Response,
): Promise<Response> {
  const body = Buffer.from(await result.arrayBuffer());
  const headers = new Headers(result.headers);
  if ((headers.get('content-type') ?? '').startsWith('application/json')) {
    headers.set('content-type', 'application/json; charset=utf-8');
  }
  headers.set('date', new Date(sandbox.now()).toUTCString());
  headers.set('x-github-request-id', randomUUID());
  if (request.method === 'GET' && result.status === 200) {
    headers.set('cache-control', 'private, max-age=60, s-maxage=60');
    headers.set('vary', 'Accept, Authorization, Cookie, X-GitHub-OTP');
    headers.set('etag', etagOf(request, body));
    const modified = lastModified(path, body);
    if (modified) headers.set('last-modified', modified.toUTCString());
    if (isKnown(request, headers)) return new Response(null, { status: 304, headers });
  }
  const empty = result.status === 204 || result.status === 304;
  return new Response(empty ? null : body, { status: result.status, headers });
}

/** Another token makes another tag, as on GitHub: https://github.com/github/docs/issues/34689 */
function etagOf(request: Request, body: Buffer): string {
  const hash = createHash('sha256').update(request.headers.get('authorization') ?? '');
  return `W/"${hash.update('\0').update(body).digest('hex')}"`;
}

function lastModified(path: string, body: Buffer): Date | null {
  if (!DATED.test(path)) return null;
  const json = JSON.parse(body.toString('utf8')) as Dated;
  const text = json.updated_at ?? json.commit?.committer?.date ?? json.committer?.date;
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

interface Dated {
  updated_at?: string;
  commit?: { committer?: { date?: string } };
  committer?: { date?: string };
}

/** `If-None-Match` decides when it is there: https://www.rfc-editor.org/rfc/rfc9110#name-if-modified-since */
function isKnown(request: Request, headers: Headers): boolean {
  const tags = request.headers.get('if-none-match');
  const strong = (tag: string) => tag.trim().replace(/^W\//, '');
  if (tags !== null)
    return tags
      .split(',')
      .map(strong)
      .includes(strong(headers.get('etag') ?? ''));
  const since = Date.parse(request.headers.get('if-modified-since') ?? '');
  return Date.parse(headers.get('last-modified') ?? '') <= since;
}
