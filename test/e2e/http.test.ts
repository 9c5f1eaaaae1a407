import { createHmac } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { type Listener, listen, options } from '../http/support.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from './setting.ts';

let setting: Setting;
let service: Listener;

afterEach(async () => {
  await setting.world.stop();
  await service.stop();
});

/** A promotion to prod with an `http` gate, whose server answers as `answer` says at the time. */
async function start(
  gate: (origin: string) => string,
  answer: { status: number; text: string },
  isAllowed = true,
) {
  service = await listen((_, response) => response.writeHead(answer.status).end(answer.text));
  const gates = gate(`http://127.0.0.1:${service.port}`);
  setting = await makeSetting(
    {
      '.github/sluice.yml': config(
        `  dev:\n  prod:\n    from: dev\n    auto-merge: true\n    gates:\n      - http: ${gates}\n`,
      ),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1', 3),
    },
    { isStarted: false },
  );
  const allowed = options(isAllowed ? `127.0.0.1:${service.port}` : 'other.example', {
    SLUICE_HTTP_ALLOWED_ADDRESSES: '127.0.0.1',
  });
  await setting.world.startApp(undefined, allowed);
  await setting.world.settle();
  await setting.write(overlayPath('dev'), overlay('v2'));
  return setting.open('prod');
}

test('a promotion waits for a URL, is asked about again, and merges once the answer is right', async () => {
  const answer = { status: 200, text: '{"approved":false}' };
  const { headSha, pull } = await start(
    (origin) => `{ url: '${origin}/v1', method: POST, expect: { json: { path: approved, equals: true } } }`,
    answer,
  );
  const waiting = await setting.check(headSha);
  expect(waiting).toMatchObject({ state: 'in_progress', title: `Waiting: http 127.0.0.1:${service.port}` });
  expect(waiting.summary).toContain('answered 200 with `false` at `approved`, not `true`');
  expect(setting.world.outcomeOf('acme/gitops')?.plan.lookAgainMs).toBe(5 * 60_000);

  const { body, headers } = service.heard.at(-1)!;
  expect(JSON.parse(body)).toEqual({
    repository: 'acme/gitops',
    application: 'checkout',
    from: ['dev'],
    to: 'prod',
    release: 'v2',
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    pull,
    head: headSha,
  });
  const signature = createHmac('sha256', 'the operator’s secret').update(body).digest('hex');
  expect(headers['x-sluice-signature-256']).toBe(`sha256=${signature}`);

  answer.text = '{"approved":true}';
  await setting.sweep();
  expect(await setting.check(headSha)).toMatchObject({ state: 'success' });
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v2');
});

test('a host that the operator does not list is not called, and the pull request says who can change that', async () => {
  const { headSha } = await start((origin) => origin, { status: 200, text: '' }, false);
  const check = await setting.check(headSha);
  expect(check.state).toBe('in_progress');
  expect(check.summary).toContain('its operator must add that to SLUICE_HTTP_ALLOWED_HOSTS');
  expect(service.connections()).toBe(0);
  expect(await setting.read(overlayPath('prod'))).toContain('newTag: v1');
});
