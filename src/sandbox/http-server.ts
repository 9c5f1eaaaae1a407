import { createServer, type OutgoingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { BrokenConnection } from './call-faults.ts';
import type { SandboxContext } from './context.ts';
import { isGitPath, serveGit } from './smart-http.ts';

/**
 * Node's default of 5 s is short when client and server share a busy thread: both wake up late, and the client
 * sends on a connection that the server just closed.
 */
const KEEP_ALIVE_MS = 60_000;

/** The local GitHub as an HTTP server that does not listen yet: git, and all else by `answer`. */
export function createHttpServer(
  sandbox: SandboxContext,
  answer: (request: Request) => Promise<Response>,
): Server {
  const listener = getRequestListener(
    async (request, { outgoing }) => {
      try {
        return await answer(request);
      } catch (error) {
        if (!(error instanceof BrokenConnection)) throw error;
        breakOff(outgoing as ServerResponse, error);
        return RESPONSE_ALREADY_SENT;
      }
    },
    { overrideGlobalObjects: false },
  );
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (isGitPath(request.url ?? '')) void serveGit(sandbox, request, response);
    else void listener(request, response);
  });
}

/** Sends nothing or a part of what was announced, then closes. */
function breakOff(outgoing: ServerResponse, { partial }: BrokenConnection): void {
  const { socket } = outgoing;
  if (partial === null) {
    socket?.resetAndDestroy();
    return;
  }
  const { answer, body, keepBytes } = partial;
  const headers: OutgoingHttpHeaders = Object.fromEntries(answer.headers);
  outgoing.writeHead(answer.status, { ...headers, 'content-length': body.length });
  outgoing.write(body.subarray(0, keepBytes), () => socket?.destroy());
}
