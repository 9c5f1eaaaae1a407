import { actorName, authenticate, callerName } from './auth.ts';
import { BrokenConnection, withFaults } from './call-faults.ts';
import { finish } from './conditional.ts';
import type { SandboxContext } from './context.ts';
import { errorResponse } from './error-response.ts';
import { observed } from './observe.ts';
import type { Resource } from './primary-limit.ts';
import { type SecondaryRefusal, weigh } from './secondary-limit.ts';
import type { Actor } from './state.ts';

const LIMITS_PAGE = 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api';

export interface ApiCall {
  request: Request;
  /** Without `/api/v3`. */
  path: string;
  /** With its question mark; empty when there is none. */
  search: string;
  /** Answers when nothing is in the way. */
  route(request: Request, actor: Actor): Promise<Response>;
}

/** Answers one call of the API: faults, credentials, limits, the route; and writes it into the call log. */
export async function answerCall(sandbox: SandboxContext, call: ApiCall): Promise<Response> {
  const { request, path, search } = call;
  const started = performance.now();
  let actor: Actor = { kind: 'anonymous' };
  let status = 0;
  const answer = async () => {
    try {
      actor = authenticate(sandbox, request.headers.get('authorization') ?? undefined);
    } catch (error) {
      return finish(sandbox, request, path, errorResponse(error));
    }
    return answerWithin(sandbox, call, actor);
  };
  try {
    const response = await withFaults(sandbox.faults.onCall(request.method, path), () =>
      observed(request, path, answer),
    );
    status = response.status;
    return response;
  } catch (error) {
    if (error instanceof BrokenConnection) status = error.partial?.answer.status ?? 0;
    throw error;
  } finally {
    sandbox.state.calls.push({
      at: new Date(sandbox.now()).toISOString(),
      method: request.method,
      path: path + search,
      status,
      durationMs: performance.now() - started,
      actor: actorName(actor),
    });
  }
}

/** The answer within the limits of the caller; what comes from a limit itself costs nothing. */
async function answerWithin(sandbox: SandboxContext, call: ApiCall, actor: Actor): Promise<Response> {
  const { primary, secondary } = sandbox;
  const { request, path } = call;
  const caller = callerName(actor);
  const resource: Resource = path === '/graphql' ? 'graphql' : 'core';
  const free = path === '/rate_limit';
  const done = async (response: Response) => {
    const finished = await finish(sandbox, request, path, response);
    if (!free && finished.status === 304 && actor.kind !== 'anonymous') primary.refund(caller, resource);
    return withRate(finished, sandbox, caller, resource);
  };
  const text = resource === 'graphql' ? await request.clone().text() : '';
  const refused = secondary.enter(caller, weigh(request.method, path, text));
  if (refused) return done(tooMuch(sandbox, refused));
  try {
    if (!free && !primary.charge(caller, resource)) return await done(spent(sandbox, actor, resource));
    return await done(await call.route(request, actor));
  } finally {
    secondary.leave(caller);
  }
}

function withRate(response: Response, sandbox: SandboxContext, caller: string, resource: Resource): Response {
  const { limit, used, remaining, reset } = sandbox.primary.read(caller, resource);
  for (const [name, value] of Object.entries({ limit, used, remaining, reset, resource })) {
    response.headers.set(`x-ratelimit-${name}`, String(value));
  }
  return response;
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function spent(sandbox: SandboxContext, actor: Actor, resource: Resource): Response {
  const message = `API rate limit exceeded for ${described(actor)}.`;
  if (resource === 'graphql') {
    // https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#exceeding-the-rate-limit
    return Response.json({ errors: [{ type: 'RATE_LIMITED', message }] });
  }
  const status = sandbox.limits.refusalStatus;
  return Response.json({ message, documentation_url: LIMITS_PAGE, status: String(status) }, { status });
}

function described(actor: Actor): string {
  if (actor.kind === 'installation') return `installation ID ${actor.installation.id}`;
  if (actor.kind === 'app') return `app ID ${actor.app.id}`;
  return actor.kind === 'user' ? `user ID ${actor.user.id}` : '127.0.0.1';
}

function tooMuch(sandbox: SandboxContext, { message, retryAfterSeconds }: SecondaryRefusal): Response {
  const status = sandbox.limits.refusalStatus;
  return Response.json(
    {
      message,
      documentation_url: `${LIMITS_PAGE}#about-secondary-rate-limits`,
      status: String(status),
    },
    { status, headers: { 'retry-after': String(retryAfterSeconds) } },
  );
}
