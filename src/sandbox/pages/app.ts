import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import type { Env, RouteContext, SandboxContext } from '../context.ts';
import { errorResponse } from '../error-response.ts';
import { GitHubError, notFound } from '../errors.ts';
import type { Answer } from './call-api.ts';
import { checkPages } from './checks.ts';
import { commitPages } from './commit.ts';
import { deliveryPages } from './deliveries.ts';
import { homePages } from './home.ts';
import { issuePages } from './issue.ts';
import { type Refusal, show } from './layout.ts';
import { repositoryPages } from './repository.ts';
import { actorOfCookie, personPages } from './viewer.ts';

/** Nothing runs, nothing is loaded but the style sheet, and forms go nowhere else. */
const HEADERS = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // With `no-referrer` a browser would leave out of its forms where they come from, which is asked for here.
  referrerPolicy: 'same-origin',
  strictTransportSecurity: false,
});

/**
 * The local GitHub in a browser, so that whoever runs it can look, and act by hand as different people. What they
 * do goes through `answer`, which is the API.
 */
export function createPages(sandbox: SandboxContext, answer: Answer): Answer {
  const app = new Hono<Env>();
  app.use(HEADERS);
  app.use(async (c: RouteContext, next) => {
    c.set('actor', actorOfCookie(c, sandbox));
    requireOwnHost(c, sandbox);
    await next();
  });
  app.use(csrf());
  for (const addPages of [homePages, personPages, deliveryPages, repositoryPages, checkPages, commitPages])
    addPages(app, sandbox);
  issuePages(app, sandbox, answer);
  app.notFound((c) => errorPage(c as RouteContext, sandbox, notFound()));
  app.onError((error, c) => errorPage(c as RouteContext, sandbox, error));
  return async (request) => app.fetch(request);
}

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** Another name that leads here could be a foreign page's, which then would read and act as if it were ours. */
function requireOwnHost(c: RouteContext, sandbox: SandboxContext): void {
  const { hostname } = new URL(c.req.url);
  if (LOCAL.includes(hostname) || hostname === new URL(sandbox.url()).hostname) return;
  throw new GitHubError(421, `This is not ${hostname}: open ${sandbox.url()}.`);
}

function errorPage(c: RouteContext, sandbox: SandboxContext, error: Error): Response | Promise<Response> {
  // A program asked for a call that is not there.
  if (c.req.header('accept')?.includes('json')) return errorResponse(error);
  const content = html`<p><a href="/">All repositories</a></p>`;
  return show(c, sandbox, { title: 'That did not work', content, refusal: refusalOf(error) });
}

function refusalOf(error: Error): Refusal {
  if (error instanceof HTTPException)
    return { status: error.status, text: 'The form was not sent by a page of this site.' };
  if (!(error instanceof GitHubError)) return { status: 500, text: `Server Error: ${error.message}` };
  if (error.status === 404)
    return { status: 404, text: 'Not Found, or not for you to see: choose above who you are.' };
  return { status: error.status, text: error.message };
}
