import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { getPath } from 'hono/utils/url';
import { actorName, authenticate } from './auth.ts';
import type { Env, Routes, SandboxContext } from './context.ts';
import { GitHubError, notFound } from './errors.ts';
import { isGitPath, serveGit } from './smart-http.ts';
import type { Actor } from './state.ts';

/** First parts of the API's paths; everything else at the root is a page for people. */
const API =
  /^\/(app|apps|installation|installations|repos|repositories|orgs|organizations|users?|teams|rate_limit|meta|search|graphql|zen)(\/|$)/;

const PREFIX = /^\/api\/v3(?=\/|$)/;

function withoutPrefix(path: string): string {
  return path.replace(PREFIX, '') || '/';
}

type ServerEnv = Env & { Bindings: { actor: Actor } };

/** The local GitHub as an HTTP server that does not listen yet: REST at the root and under `/api/v3`, git, pages. */
export function createSandboxServer(sandbox: SandboxContext, families: Routes[]): Server {
  const app = new Hono<ServerEnv>({ getPath: (request) => withoutPrefix(getPath(request)) });
  app.use(async (c, next) => {
    c.set('actor', c.env.actor);
    await next();
  });
  for (const addRoutes of families) addRoutes(app as unknown as Hono<Env>, sandbox);
  app.notFound(() => errorResponse(notFound()));
  app.onError((error) => errorResponse(error));
  const listener = getRequestListener((request) => answer(sandbox, app, request), {
    overrideGlobalObjects: false,
  });
  return createServer((request, response) => {
    if (isGitPath(request.url ?? '')) void serveGit(sandbox, request, response);
    else void listener(request, response);
  });
}

async function answer(sandbox: SandboxContext, app: Hono<ServerEnv>, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const path = withoutPrefix(url.pathname);
  if (!PREFIX.test(url.pathname) && !API.test(path)) {
    return app.fetch(request, { actor: { kind: 'anonymous' } });
  }
  const started = performance.now();
  let actor: Actor = { kind: 'anonymous' };
  let result: Response;
  try {
    actor = authenticate(sandbox, request.headers.get('authorization') ?? undefined);
    result = await app.fetch(request, { actor });
  } catch (error) {
    result = errorResponse(error);
  }
  const finished = await finish(request, result);
  sandbox.state.calls.push({
    at: new Date(sandbox.now()).toISOString(),
    method: request.method,
    path: path + url.search,
    status: finished.status,
    durationMs: performance.now() - started,
    actor: actorName(actor),
  });
  return finished;
}

/** Adds what every answer of the API carries; a GET that the client has already becomes 304. */
async function finish(request: Request, result: Response): Promise<Response> {
  const body = Buffer.from(await result.arrayBuffer());
  const headers = new Headers(result.headers);
  if ((headers.get('content-type') ?? '').startsWith('application/json')) {
    headers.set('content-type', 'application/json; charset=utf-8');
  }
  headers.set('x-github-request-id', randomUUID());
  headers.set('x-ratelimit-limit', '5000');
  headers.set('x-ratelimit-remaining', '4999');
  headers.set('x-ratelimit-used', '1');
  headers.set('x-ratelimit-resource', 'core');
  headers.set('x-ratelimit-reset', String(Math.ceil(Date.now() / 1000) + 3600));
  if (request.method === 'GET' && result.status === 200) {
    const etag = `W/"${createHash('sha256').update(body).digest('hex')}"`;
    headers.set('etag', etag);
    const known = (request.headers.get('if-none-match') ?? '').split(',').map((text) => text.trim());
    if (known.includes(etag)) return new Response(null, { status: 304, headers });
  }
  const empty = result.status === 204 || result.status === 304;
  return new Response(empty ? null : body, { status: result.status, headers });
}

/** An error in GitHub's shape. What nobody planned for is a 500 with its message, to be seen in tests. */
function errorResponse(error: unknown): Response {
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
