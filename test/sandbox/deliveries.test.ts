import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusal } from './core-clients.ts';
import { startWorld } from './core-world.ts';

const AT = { owner: 'acme', repo: 'gitops' };
const DAY_MS = 24 * 60 * 60 * 1000;
let world: Awaited<ReturnType<typeof startWorld>>;

beforeEach(async () => {
  world = await startWorld();
  await world.sandbox.idle();
});

afterEach(() => world.stop());

async function makeBranch(name: string) {
  const main = await world.as.bot.rest.git.getRef({ ...AT, ref: 'heads/main' });
  await world.as.bot.rest.git.createRef({ ...AT, ref: `refs/heads/${name}`, sha: main.data.object.sha });
  await world.sandbox.idle();
}

const deliveries = async (query: { per_page?: number; status?: 'success' | 'failure' } = {}) =>
  (await world.as.app.request('GET /app/hook/deliveries', query)).data;

test('the log tells what was sent and what was answered, newest first', async () => {
  await makeBranch('one');
  const [push, create] = await deliveries();
  expect([push, create]).toMatchObject([
    { event: 'push', action: null, status: 'OK', status_code: 202, redelivery: false },
    { event: 'create', repository_id: world.repository.id, installation_id: world.installation.id },
  ]);
  const { data } = await world.as.app.rest.apps.getWebhookDelivery({ delivery_id: Number(push?.id) });
  expect(data.request.payload).toMatchObject({ ref: 'refs/heads/one' });
  expect(data.request.headers).toMatchObject({ 'x-github-delivery': push?.guid });
  expect(data.response.headers).toHaveProperty('date');
  const { data: config } = await world.as.app.rest.apps.getWebhookConfigForApp();
  expect(config).toMatchObject({ url: world.hooks.url, content_type: 'json', secret: '********' });
});

test('pages of the log follow cursors and do not shift with new deliveries', async () => {
  await makeBranch('one');
  await makeBranch('two');
  const all = (await deliveries()).map((one) => one.id);
  const first = await world.as.app.request('GET /app/hook/deliveries', { per_page: 2 });
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.link ?? '')?.[1] ?? '';
  await makeBranch('three');
  const second = await world.as.app.request(`GET ${next}`);
  expect([...first.data, ...second.data].map((one: { id: number }) => one.id)).toEqual(all.slice(0, 4));
  expect(second.headers.link).toContain('rel="prev"');
});

test('a delivery is sent again with the same guid and a new id', async () => {
  await makeBranch('one');
  const [push] = await deliveries();
  const before = world.hooks.received.length;
  const answer = await world.as.app.rest.apps.redeliverWebhookDelivery({ delivery_id: Number(push?.id) });
  await world.sandbox.idle();
  expect(answer.status).toBe(202);
  const [again] = await deliveries();
  expect(again).toMatchObject({ guid: push?.guid, redelivery: true, event: 'push' });
  expect(again?.id).not.toBe(push?.id);
  const [was, is] = [world.hooks.received[before - 1], world.hooks.received[before]];
  expect(is?.body).toBe(was?.body);
  expect(is?.headers['x-hub-signature-256']).toBe(was?.headers['x-hub-signature-256']);
});

test('after three days a delivery is gone', async () => {
  await makeBranch('one');
  const [push] = await deliveries();
  world.sandbox.clock.set(Date.parse(push?.delivered_at ?? '') + 3 * DAY_MS);
  expect((await deliveries()).map((one) => one.id)).toContain(push?.id);
  world.sandbox.clock.advance(1000);
  expect(await deliveries()).toEqual([]);
  const gone = world.as.app.rest.apps.redeliverWebhookDelivery({ delivery_id: Number(push?.id) });
  expect((await refusal(gone)).status).toBe(404);
});

test('what failed is found by its status, and is never sent again by itself', async () => {
  await world.hooks.stop();
  await makeBranch('one');
  const failed = await deliveries({ status: 'failure' });
  expect(failed.map((one) => [one.event, one.status_code])).toEqual([
    ['push', 502],
    ['create', 502],
  ]);
  expect((await deliveries({ status: 'success' })).map((one) => one.event)).toEqual(['installation']);
});

test('an App that takes too long has its delivery logged as timed out', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  world.sandbox.setWebhook(world.app.id, { url, secret: 'x' });
  expect(world.sandbox.limits.deliveryTimeoutMs).toBe(10_000);
  world.sandbox.limits.deliveryTimeoutMs = 50;
  await makeBranch('one');
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
  expect(await deliveries({ per_page: 1 })).toMatchObject([{ status: 'timed out', status_code: 504 }]);
});

test('a payload over the cap is not sent at all', async () => {
  expect(world.sandbox.limits.payloadBytes).toBe(25 * 1024 * 1024);
  await makeBranch('one');
  const before = (await deliveries()).length;
  world.sandbox.limits.payloadBytes = 100;
  await makeBranch('two');
  expect(await deliveries()).toHaveLength(before);
});
