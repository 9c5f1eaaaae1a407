import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpOptions, readHttpOptions } from '../../src/http/http-options.ts';
import type { HttpQuestion } from '../../src/promotion/ports/http.ts';

export interface Heard {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Listener {
  port: number;
  /** Requests that came, in order. */
  heard: Heard[];
  /** TCP connections, whatever came over them. */
  connections: () => number;
  stop(): Promise<void>;
}

/** A server on this machine. */
export async function listen(
  answer: (request: Heard, response: ServerResponse) => void,
  host = '127.0.0.1',
): Promise<Listener> {
  const heard: Heard[] = [];
  let connections = 0;
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url: path = '', headers } = request;
    heard.push({ method, path, headers, body });
    answer(heard.at(-1)!, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What the operator allows, as the environment says it. */
export function options(hosts: string, more: Record<string, string> = {}): HttpOptions {
  return readHttpOptions({
    SLUICE_HTTP_ALLOWED_HOSTS: hosts,
    SLUICE_HTTP_ALLOW_INSECURE: 'true',
    SLUICE_HTTP_SECRET: 'the operator’s secret',
    ...more,
  });
}

export function get(url: string, more: Partial<HttpQuestion> = {}): HttpQuestion {
  return { url, method: 'GET', body: null, wantsText: true, timeoutMs: 5_000, retries: 0, ...more };
}
