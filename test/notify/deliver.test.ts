import { createHmac } from 'node:crypto';
import { jest } from '@jest/globals';
import { sql } from 'kysely';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { NOTICE_EVENTS, type NotifyRule } from '../../src/domain/notify-rule.ts';
import { makePost } from '../../src/http/post.ts';
import { readNotifyOptions } from '../../src/notify/channels.ts';
import { deliver } from '../../src/notify/deliver.ts';
import { makeNotifier } from '../../src/notify/make-notifier.ts';
import { messageSchema } from '../../src/notify/message.ts';
import { makeOutbox } from '../../src/notify/outbox.ts';
import type { Notice } from '../../src/promotion/ports/notify.ts';
import { type Listener, listen, options } from '../http/support.ts';

// A busy machine makes databases slow.
jest.setTimeout(300_000);

let database: Database;
let server: Listener;
let status: number;
let nowMs: number;
const logged: unknown[] = [];
const log = {
  info: (...line: unknown[]) => logged.push(line),
  warn: (...line: unknown[]) => logged.push(line),
  error: (...line: unknown[]) => logged.push(line),
};

beforeAll(async () => {
  database = await openDatabase({ url: null, folder: null, onError: () => undefined });
});
afterAll(() => database.close());
beforeEach(async () => {
  status = 200;
  nowMs = Date.parse('2026-03-01T12:00:00Z');
  logged.length = 0;
  server = await listen((_, response) => response.writeHead(status).end('no'));
});
afterEach(async () => {
  await server.stop();
  await sql`drop schema if exists sluice cascade`.execute(database.sql);
});

const notice = (key: string, more: Partial<Notice> = {}): Notice => ({
  key,
  event: 'waiting',
  application: 'checkout',
  environment: 'prod',
  from: ['staging'],
  release: 'v2',
  pull: null,
  by: null,
  reason: 'approvals: 1 of 2\0\ud800',
  ...more,
});
const rule = (more: Partial<NotifyRule> = {}): NotifyRule => ({
  variable: 'SLUICE_NOTIFY_OPS',
  format: 'json',
  events: NOTICE_EVENTS,
  environments: ['prod', 'staging'],
  applications: ['**'],
  ...more,
});

/** A process of its own: it remembers nothing of what another one has told. */
function makeProcess(more: Record<string, string> = {}) {
  const notify = readNotifyOptions({
    SLUICE_NOTIFY_SECRET: 'the secret of ops',
    SLUICE_NOTIFY_OPS: `http://127.0.0.1:${server.port}/hook/hush`,
    ...more,
  });
  const outbox = makeOutbox(database.sql);
  const notifier = makeNotifier(outbox, notify, log, () => nowMs);
  const post = makePost(options('', { SLUICE_HTTP_ALLOWED_ADDRESSES: '127.0.0.0/8' }));
  return {
    tell: (rules: NotifyRule[], notices: Notice[]) => notifier.notify('acme/fleet', rules, notices),
    deliver: () => deliver(outbox, post, notify, log, nowMs),
  };
}

const MINUTE_MS = 60_000;

test('what comes together is told in one signed message, and each thing once', async () => {
  const one = makeProcess();
  await one.tell([rule()], [notice('a'), notice('b')]);
  await makeProcess().tell([rule()], [notice('b'), notice('a')]);
  expect(await one.deliver()).toBe(0);
  nowMs += MINUTE_MS;
  expect(await makeProcess().deliver()).toBe(2);
  await one.tell([rule()], [notice('a')]);
  nowMs += MINUTE_MS;
  expect(await one.deliver()).toBe(0);
  expect(server.heard).toHaveLength(1);
  const { body, headers, path } = server.heard[0]!;
  expect(path).toBe('/hook/hush');
  expect(
    messageSchema
      .parse(JSON.parse(body))
      .events.map(({ key }) => key)
      .sort(),
  ).toEqual(['a', 'b']);
  const timestamp = headers['x-sluice-timestamp'];
  expect(Number(timestamp) * 1_000).toBe(nowMs - MINUTE_MS);
  const signature = createHmac('sha256', 'the secret of ops').update(`${timestamp}.${body}`).digest('hex');
  expect(headers['x-sluice-signature-256']).toBe(`sha256=${signature}`);
});

test('who does not take it is asked again, later and later, and at last given up; the log has no address', async () => {
  const { tell, deliver: tryNow } = makeProcess();
  await tell([rule()], [notice('a')]);
  status = 503;
  const hours = [];
  for (let tries = 0; tries < 40; tries++) {
    nowMs += 30 * MINUTE_MS;
    const before = server.heard.length;
    await tryNow();
    if (server.heard.length > before)
      hours.push((nowMs - Date.parse('2026-03-01T12:00:00Z')) / 60 / MINUTE_MS);
  }
  expect(hours).toHaveLength(12);
  expect(hours.at(-1)).toBeGreaterThan(8);
  expect(JSON.stringify(logged)).toContain('will not be');
  expect(JSON.stringify(logged)).not.toMatch(/hush|the secret/);
});

test('after a failure it is told as soon as it is taken again; one that is down keeps no other waiting', async () => {
  const other = await listen((_, response) => response.writeHead(200).end());
  const { tell, deliver: tryNow } = makeProcess({ SLUICE_NOTIFY_DEV: `http://127.0.0.1:${other.port}/` });
  const dev = rule({ variable: 'SLUICE_NOTIFY_DEV', format: 'slack', environments: ['staging'] });
  await tell([rule({ environments: ['prod'] }), dev], [notice('a'), notice('b', { environment: 'staging' })]);
  status = 500;
  nowMs += MINUTE_MS;
  expect(await tryNow()).toBe(1);
  expect(JSON.parse(other.heard[0]!.body).text).toContain('*checkout v2 to staging* waits');
  expect(other.heard[0]!.headers['x-sluice-signature-256']).toBeUndefined();
  status = 204;
  nowMs += MINUTE_MS;
  expect(await tryNow()).toBe(1);
  await other.stop();
});

test('what a process took and did not tell before it died, another one tells', async () => {
  const { tell } = makeProcess();
  await tell([rule()], [notice('a')]);
  nowMs += MINUTE_MS;
  expect(await makeOutbox(database.sql).claim(10, nowMs)).toHaveLength(1);
  expect(await makeProcess().deliver()).toBe(0);
  nowMs += 10 * MINUTE_MS;
  expect(await makeProcess().deliver()).toBe(1);
});

test('only what a rule asks for, where there is an address and a secret', async () => {
  const { tell, deliver: tryNow } = makeProcess();
  const rules = [
    rule({ events: ['failed'] }),
    rule({ applications: ['shop-*'] }),
    rule({ environments: [] }),
    rule({ variable: 'SLUICE_NOTIFY_NOBODY' }),
  ];
  await tell(rules, [notice('a')]);
  await makeProcess({ SLUICE_NOTIFY_SECRET: '' }).tell([rule()], [notice('b')]);
  nowMs += MINUTE_MS;
  expect(await tryNow()).toBe(0);
  expect(JSON.stringify(logged)).toContain('SLUICE_NOTIFY_NOBODY');
  expect(JSON.stringify(logged)).toContain('SLUICE_NOTIFY_SECRET');
});

test('inside addresses are not called unless the operator allows it', async () => {
  const post = makePost(options(''));
  await expect(post(`http://127.0.0.1:${server.port}/hush`, '{}', {})).rejects.toThrow('not public');
  await expect(
    makePost({ addresses: [], allowsInsecure: false })('http://a.example', '{}', {}),
  ).rejects.toThrow('https');
  expect(server.connections()).toBe(0);
});

test('a variable that cannot be meant stops the start, and its value stays unsaid', () => {
  expect(() => readNotifyOptions({ SLUICE_NOTIFY_OPS: 'ftp://hush' })).toThrow(
    /^SLUICE_NOTIFY_OPS must be an address/,
  );
});
