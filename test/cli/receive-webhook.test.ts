import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import { makeReceiver, type ReceivedEvent } from '../../src/cli/receive-webhook.ts';

let server: Server;
let port: number;
const received: ReceivedEvent[] = [];
const troubles: string[] = [];
const say = (_fields: unknown, message: string) => troubles.push(message);

afterEach(() => {
  received.length = 0;
  troubles.length = 0;
  server.closeAllConnections();
  server.close();
});

const keepEvent = async (event: ReceivedEvent) => {
  received.push(event);
};

async function start(receive = keepEvent) {
  const log = { info: () => {}, warn: say, error: say };
  const receiver = makeReceiver({ secrets: ['new', 'old'], receive, log });
  server = createServer((request, response) => void receiver(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
}

const BODY = '{"action":"created","text":"größer"}';

async function deliver(secret: string, body = BODY, more: Record<string, string> = {}) {
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': 'guid-1',
    'x-hub-signature-256': await sign(secret, body),
    ...more,
  };
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
  return answer.status;
}

/** Sends a head and a piece of a body as they are; what comes back until the connection ends. */
async function sendRaw(lines: string[], body: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  socket.write(['POST / HTTP/1.1', 'host: sluice', ...lines, '', ''].join('\r\n'));
  socket.write(body);
  return new Promise((resolve) => socket.on('close', () => resolve(answer)));
}

const HEAD = [
  'content-type: application/json',
  'x-github-event: push',
  'x-github-delivery: guid-2',
  `x-hub-signature-256: sha256=${'0'.repeat(64)}`,
];

test('both secrets are accepted while one replaces the other, and nothing else is', async () => {
  await start();
  expect(await deliver('new')).toBe(202);
  expect(await deliver('old')).toBe(202);
  expect(await deliver('older')).toBe(400);
  expect(await deliver('new', BODY, { 'x-hub-signature-256': await sign('new', '{}') })).toBe(400);
  const event = { id: 'guid-1', name: 'issues', payload: JSON.parse(BODY) };
  expect(received).toEqual([event, event]);
});

test('what could not be kept is no success, so that it stands as failed in the log of GitHub', async () => {
  await start(() => Promise.reject(new Error('no database')));
  expect(await deliver('new')).toBe(500);
  expect(troubles).toEqual(['a webhook could not be taken']);
});

test('GitHub gets its answer when the event is kept, and not before', async () => {
  let keep = () => {};
  const kept = new Promise<void>((resolve) => {
    keep = resolve;
  });
  let began = () => {};
  const beginning = new Promise<void>((resolve) => {
    began = resolve;
  });
  await start(() => {
    began();
    return kept;
  });
  let answered = false;
  const delivery = deliver('new').then((status) => {
    answered = true;
    return status;
  });
  await beginning;
  await new Promise((resolve) => setImmediate(resolve));
  expect(answered).toBe(false);
  keep();
  expect(await delivery).toBe(202);
});

describe('refused before its body is read is', () => {
  test.each([
    ['what does not say how long it is', 411, ['transfer-encoding: chunked', ...HEAD]],
    ['what is larger than GitHub sends', 413, [`content-length: ${25 * 1024 * 1024 + 1}`, ...HEAD]],
    ['what is not signed', 400, ['content-length: 100', ...HEAD.slice(0, 3)]],
    [
      'what is signed with SHA-1',
      400,
      ['content-length: 100', ...HEAD.slice(0, 3), 'x-hub-signature: sha1=0'],
    ],
    ['what is no delivery', 400, ['content-length: 100', HEAD[0]!, HEAD[3]!]],
    [
      'a form',
      415,
      ['content-length: 100', ...HEAD.slice(1), 'content-type: application/x-www-form-urlencoded'],
    ],
  ])('%s', async (_name, status, lines) => {
    await start();
    expect(await sendRaw(lines, '{')).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received).toEqual([]);
  });
});

test('a body that is cut off, or no JSON object, is refused', async () => {
  await start();
  expect(await deliver('new', 'null')).toBe(400);
  expect(await deliver('new', '{"action":')).toBe(400);
  const socket = connect(port, '127.0.0.1');
  socket.write(['POST / HTTP/1.1', 'host: sluice', 'content-length: 100', ...HEAD, '', '{'].join('\r\n'));
  await once(server, 'request');
  socket.destroy();
  expect(await deliver('new')).toBe(202);
  expect(received).toHaveLength(1);
});

test('bodies that are sent side by side take a bounded part of the memory', async () => {
  await start();
  const bodyBytes = 25 * 1024 * 1024;
  const lines = [`content-length: ${bodyBytes}`, ...HEAD];
  const almost = Buffer.alloc(bodyBytes - 1, 32);
  const open = Array.from({ length: 5 }, () => sendRaw(lines, almost));
  // One is more than may be held; the others wait for their last byte.
  await Promise.race(open);
  expect(troubles).toEqual(['webhook refused']);
  server.closeAllConnections();
  await Promise.all(open);
});

test('without a secret nothing starts', () => {
  const log = { info: () => {}, warn: say, error: say };
  const receive = async () => {};
  expect(() => makeReceiver({ secrets: [], receive, log })).toThrow('secret');
  expect(() => makeReceiver({ secrets: [''], receive, log })).toThrow('secret');
  expect(() => makeReceiver({ secrets: ['new', ''], receive, log })).toThrow('secret');
});
