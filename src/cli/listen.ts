import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../promotion/ports/log.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Listening {
  /** That it listens on. */
  port: number;
  /** Takes no more connections, and gives what is being answered a moment to end. */
  close(): Promise<void>;
}

/** What is being answered may take so long. */
const MOST_CLOSING_MS = 2_000;

/**
 * Answers HTTP on a port, 0 being any free one.
 *
 * @throws when the port is taken
 */
export async function listen(
  { port, host, log }: { port: number; host: string; log: Log },
  handle: Handler,
): Promise<Listening> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'request failed');
      if (!response.headersSent) response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => server.closeAllConnections(), MOST_CLOSING_MS);
    server.close((error) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    });
    server.closeIdleConnections();
  });
}
