import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeWorld, type World } from '../../src/cli/demo/world.ts';
import { memoryStorage } from '../queue/memory-queue.ts';

let world: World;

beforeEach(async () => {
  world = await makeWorld('acme', ['ann'], { storage: memoryStorage() });
  await world.startApp();
});
afterEach(async () => world.stop());

/** Sends a head and a little of a body that does not end; resolves with the status of the answer. */
function send(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const url = new URL(path, world.sandbox.state.apps.get(world.appId)!.webhookUrl);
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      resolve(answer.statusCode!);
      sent.destroy();
    });
    sent.on('error', reject);
    sent.write('{');
  });
}

const WEBHOOKS = '/api/github/webhooks';

test('a body that does not say how large it is is not read', async () => {
  expect(await send('POST', WEBHOOKS, { 'transfer-encoding': 'chunked' })).toBe(411);
});

test('a body that is larger than GitHub sends is not read', async () => {
  expect(await send('POST', WEBHOOKS, { 'content-length': String(25 * 1024 * 1024 + 1) })).toBe(413);
});

test('a delivery whose signature is wrong is refused', async () => {
  const url = new URL(WEBHOOKS, world.sandbox.state.apps.get(world.appId)!.webhookUrl);
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': '1',
    'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
  };
  const answer = await fetch(url, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(400);
  expect((await fetch(new URL('/healthz', url))).status).toBe(200);
});
