import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { makeHttpProber } from '../../src/http/http-prober.ts';
import { get, type Heard, type Listener, listen, options } from './support.ts';

const LOOPBACK = { SLUICE_HTTP_ALLOWED_ADDRESSES: '127.0.0.0/8' };
const logged: unknown[] = [];
const log = {
  info: (...line: unknown[]) => logged.push(line),
  warn: (...line: unknown[]) => logged.push(line),
  error: (...line: unknown[]) => logged.push(line),
};

let server: Listener;

afterEach(async () => {
  await server.stop();
  logged.length = 0;
});

async function asking(
  answer: (request: Heard, response: ServerResponse) => void,
  more: Parameters<typeof get>[1] = {},
  allowed: Record<string, string> = LOOPBACK,
) {
  server = await listen(answer);
  const prober = makeHttpProber(options(`127.0.0.1:${server.port}`, allowed), log);
  return prober.ask(get(`http://127.0.0.1:${server.port}/ready?token=hush`, more));
}

test('tells status and text', async () => {
  const answer = await asking((_, response) => response.writeHead(200).end('{"ok":true}'));
  expect(answer).toEqual({ known: true, value: { status: 200, text: '{"ok":true}', unreadable: null } });
  expect(server.heard).toMatchObject([{ method: 'GET', path: '/ready?token=hush', body: '' }]);
});

test('another status than 200 is an answer too, and is not asked for again', async () => {
  const answer = await asking((_, response) => response.writeHead(404).end('no'), { retries: 3 });
  expect(answer).toMatchObject({ known: true, value: { status: 404 } });
  expect(server.heard).toHaveLength(1);
});

test('signs what it sends, as GitHub signs webhooks', async () => {
  const body = '{"application":"checkout"}';
  await asking((_, response) => response.end('{}'), { method: 'POST', body });
  const [request] = server.heard;
  const signature = createHmac('sha256', 'the operator’s secret').update(body).digest('hex');
  expect(request).toMatchObject({ method: 'POST', body });
  expect(request!.headers['x-sluice-signature-256']).toBe(`sha256=${signature}`);
  expect(request!.headers['content-type']).toBe('application/json');
});

test('sends nothing without a secret', async () => {
  const post = { method: 'POST', body: '{}' } as const;
  const answer = await asking((_, response) => response.end(), post, { ...LOOPBACK, SLUICE_HTTP_SECRET: '' });
  expect(answer).toMatchObject({ known: false, reason: expect.stringContaining('SLUICE_HTTP_SECRET') });
  expect(server.connections()).toBe(0);
});

test.each([500, 503, 429])('tries again after %d, and tells the last answer', async (status) => {
  const answer = await asking((_, response) => response.writeHead(status).end(), { retries: 1 });
  expect(answer).toMatchObject({ known: true, value: { status } });
  expect(server.heard).toHaveLength(2);
});

test('tries again after an error of the network', async () => {
  const answer = await asking(
    (_, response) => {
      if (server.heard.length === 1) response.destroy();
      else response.end('{}');
    },
    { retries: 1 },
  );
  expect(answer).toMatchObject({ known: true, value: { status: 200 } });
});

test('no answer is not known, and may be the next time', async () => {
  const answer = await asking((_, response) => response.destroy());
  expect(answer).toMatchObject({ known: false, isPassing: true });
  expect(answer).toMatchObject({ reason: expect.stringMatching(/did not answer \([A-Z_]+\)/) });
  expect(JSON.stringify(logged)).not.toContain('hush');
});

test('the timeout is for everything together: headers that stay out, a body that drips, retries', async () => {
  const silent = await asking(() => undefined, { timeoutMs: 100, retries: 5 });
  expect(silent).toMatchObject({
    known: false,
    isPassing: true,
    reason: expect.stringContaining('did not answer in time'),
  });
  expect(server.heard).toHaveLength(1);
  await server.stop();
  const dripping = await asking(
    (_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
    { timeoutMs: 150 },
  );
  expect(dripping).toMatchObject({ known: false, reason: expect.stringContaining('did not answer in time') });
});

test('a body without end is not read, nor one that is not wanted', async () => {
  const endless = (_: Heard, response: ServerResponse) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
    };
    response.on('drain', more);
    more();
  };
  expect(await asking(endless)).toMatchObject({
    known: true,
    value: { status: 200, text: null, unreadable: expect.stringContaining('64 KiB') },
  });
  await server.stop();
  expect(await asking(endless, { wantsText: false })).toMatchObject({
    known: true,
    value: { status: 200, text: null },
  });
});

test('what is no UTF-8 is not guessed at', async () => {
  const answer = await asking((_, response) => response.end(Buffer.from([0x22, 0xff, 0x22])));
  expect(answer).toMatchObject({ known: true, value: { text: null, unreadable: 'what is no UTF-8' } });
});

test('follows no redirect', async () => {
  const answer = await asking((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
  expect(answer).toMatchObject({ known: true, value: { status: 302 } });
  expect(server.heard.map(({ path }) => path)).toEqual(['/ready?token=hush']);
});

test('only https, unless the operator says otherwise', async () => {
  const allowed = { ...LOOPBACK, SLUICE_HTTP_ALLOW_INSECURE: 'false' };
  const answer = await asking((_, response) => response.end(), {}, allowed);
  expect(answer).toMatchObject({ known: false, reason: expect.stringContaining('only https') });
  expect(server.connections()).toBe(0);
});
