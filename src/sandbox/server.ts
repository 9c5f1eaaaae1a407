import { Hono } from 'hono';
import { getPath } from 'hono/utils/url';
import { answerCall } from './api-call.ts';
import type { Env, Routes, SandboxContext } from './context.ts';
import { errorResponse } from './error-response.ts';
import { notFound } from './errors.ts';
import type { Actor } from './state.ts';

/** First parts of the API's paths; everything else at the root is a page for people. */
const API =
  /^\/(app|apps|installation|installations|repos|repositories|orgs|organizations|users?|teams|rate_limit|meta|search|graphql|zen)(\/|$)/;

/** GraphQL is at `/api/graphql` where REST is at `/api/v3`. */
const PREFIX = /^\/api(?:\/v3(?=\/|$)|(?=\/graphql$))/;

/** Where a tarball is downloaded from; the link alone gives access, and no page is there. */
const DOWNLOAD = /^\/[^/]+\/[^/]+\/legacy\.tar\.gz\//;

function withoutPrefix(path: string): string {
  return path.replace(PREFIX, '') || '/';
}

type Answer = (request: Request) => Promise<Response>;
type ServerEnv = Env & { Bindings: { actor: Actor } };

/**
 * Answers requests to the local GitHub but git's: REST at the root and under `/api/v3`, and pages, which get
 * this very answer to make calls of the API with. The answer throws BrokenConnection when a fault breaks the connection.
 */
export function createAnswer(
  sandbox: SandboxContext,
  families: Routes[],
  createPages: (sandbox: SandboxContext, answer: Answer) => Answer,
): Answer {
  const app = new Hono<ServerEnv>({ getPath: (request) => withoutPrefix(getPath(request)) });
  app.use(async (c, next) => {
    c.set('actor', c.env.actor);
    await next();
  });
  for (const addRoutes of families) addRoutes(app as unknown as Hono<Env>, sandbox);
  app.notFound(() => errorResponse(notFound()));
  app.onError((error) => errorResponse(error));
  const route = async (request: Request, actor: Actor) => app.fetch(request, { actor });

  const answer: Answer = async (request) => {
    const { pathname, search } = new URL(request.url);
    const path = withoutPrefix(pathname);
    if (DOWNLOAD.test(pathname)) return route(request, { kind: 'anonymous' });
    if (!PREFIX.test(pathname) && !API.test(path)) return pages(request);
    return answerCall(sandbox, { request, path, search, route });
  };
  const pages = createPages(sandbox, answer);
  return answer;
}
