import { jest } from '@jest/globals';
import pino from 'pino';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { makePost } from '../../src/http/post.ts';
import { readNotifyOptions } from '../../src/notify/channels.ts';
import { deliver } from '../../src/notify/deliver.ts';
import { makeNotifier } from '../../src/notify/make-notifier.ts';
import { makeOutbox, type Outbox } from '../../src/notify/outbox.ts';
import { type Listener, listen, options } from '../http/support.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

// A busy machine makes databases and stories slow.
jest.setTimeout(300_000);

const quiet = pino({ level: 'silent' });
const MINUTE_MS = 60_000;

let database: Database;
let outbox: Outbox;
let server: Listener;
let setting: Setting;
let notify: ReturnType<typeof readNotifyOptions>;

beforeAll(async () => {
  database = await openDatabase({ url: null, folder: null, onError: () => undefined });
  outbox = makeOutbox(database.sql);
  server = await listen((_, response) => response.writeHead(200).end());
  notify = readNotifyOptions({
    SLUICE_NOTIFY_SECRET: 'the secret of ops',
    SLUICE_NOTIFY_OPS: `http://127.0.0.1:${server.port}/`,
  });
  const now = () => setting.world.sandbox.clock.now();
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(
        '  dev: {}\n  prod:\n    from: dev\n    gates: [manual]\n',
        'notify:\n  - url: SLUICE_NOTIFY_OPS\n',
      ),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { serve: { notifier: makeNotifier(outbox, notify, quiet, now) } },
  );
});
afterAll(async () => {
  await setting.world.stop();
  await server.stop();
  await database.close();
});

/** What people are told of since the last time. */
async function hear(): Promise<string[]> {
  const { clock } = setting.world.sandbox;
  clock.advance(MINUTE_MS);
  const before = server.heard.length;
  const post = makePost(options('', { SLUICE_HTTP_ALLOWED_ADDRESSES: '127.0.0.0/8' }));
  await deliver(outbox, post, notify, quiet, clock.now());
  return server.heard
    .slice(before)
    .flatMap(({ body }) =>
      JSON.parse(body).events.map(
        ({ event, application, environment, release, by }: Record<string, string | null>) =>
          `${event}: ${application} ${release} to ${environment} by ${by}`,
      ),
    );
}

test('people hear what opened, what waits for them, what merged and what is frozen, each once and for no call', async () => {
  const { sandbox } = setting.world;
  const before = sandbox.calls.length;
  await setting.write(overlayPath('dev'), overlay('v2'));
  const calls = sandbox.calls.slice(before).filter(({ actor }) => actor.startsWith('installation'));
  const written = calls.findIndex(({ method, path }) => method === 'POST' && path.endsWith('/labels'));
  expect(written + 1).toBe(10);
  expect((await hear()).sort()).toEqual([
    'opened: checkout v2 to prod by null',
    'waiting: checkout v2 to prod by null',
  ]);
  await setting.sweep();
  expect(await hear()).toEqual([]);

  const { pull } = await setting.open('prod');
  await setting.comment('ann', pull, '/freeze prod until 4h the audit');
  expect(await hear()).toEqual(['frozen: null null to prod by ann']);
  await setting.merge('ann', pull);
  expect(await hear()).toEqual(['merged: checkout v2 to prod by ann']);
});
