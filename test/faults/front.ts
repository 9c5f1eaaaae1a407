import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** A call that Sluice makes of GitHub. */
export interface AppCall {
  /** From 1, since the front was told to count anew. */
  index: number;
  method: string;
  /** With its query. */
  path: string;
}

/** What arrives: an answer, half of one, or nothing, which a client learns at once or when it has waited long enough. */
export type Reply = Response | { half: Response } | 'reset' | 'hang';

/** Stands between Sluice and the local GitHub; `act` has the local GitHub act, and gives its answer. */
export type Intercept = (call: AppCall, act: () => Promise<Response>) => Promise<Reply>;

/** The API as Sluice alone reaches it, so that its calls are told from those of people. */
export interface Front {
  url: string;
  /** Since it counts. */
  calls: AppCall[];
  /** Counts from one again, and has each call go through `intercept`. */
  begin(intercept?: Intercept): void;
  /** Called instead of an answer that never comes: clients have waited long enough now. */
  onHang: () => void;
  stop(): Promise<void>;
}

const passOn: Intercept = (_, act) => act();

export async function openFront(sandbox: Sandbox): Promise<Front> {
  let calls: AppCall[] = [];
  let intercept = passOn;
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url = '/' } = request;
    const body = await readBody(request);
    const call = { index: calls.length + 1, method, path: url };
    calls.push(call);
    const headers = new Headers(request.headers as Record<string, string>);
    const act = () =>
      sandbox.fetch(`${sandbox.url}${url}`, {
        method,
        headers,
        redirect: 'manual',
        ...(body.length > 0 && { body: new Uint8Array(body) }),
      });
    const reply = await intercept(call, act);
    if (reply === 'hang') front.onHang();
    await send(response, reply);
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front: Front = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get calls() {
      return calls;
    },
    begin(next = passOn) {
      calls = [];
      intercept = next;
    },
    onHang: () => {},
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return front;
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply === 'reset' || reply === 'hang') {
    response.socket?.resetAndDestroy();
    return;
  }
  const whole = 'half' in reply ? reply.half : reply;
  const body = Buffer.from(await whole.arrayBuffer());
  const headers = Object.fromEntries(whole.headers);
  if (whole.status === 204 || whole.status === 304) response.writeHead(whole.status, headers).end();
  else if (!('half' in reply))
    response.writeHead(whole.status, { ...headers, 'content-length': body.length }).end(body);
  else {
    response.writeHead(whole.status, { ...headers, 'content-length': body.length });
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
