import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Call } from '../../src/sandbox/state.ts';
import { config, makeSetting, overlay, overlayPath, type Setting } from '../e2e/setting.ts';
import { type Example, readExamples, repositoriesOf } from './examples.ts';

let setting: Setting;

const EXAMPLES = readExamples();

/** A local GitHub that has the repositories of the examples, with the App installed on them, and one that uses Sluice. */
async function start(): Promise<{ installationIds: Map<string, number> }> {
  setting = await makeSetting(
    {
      '.github/sluice.yml': config('  dev:\n  prod:\n    from: dev\n'),
      [overlayPath('dev')]: overlay('v1'),
      [overlayPath('prod')]: overlay('v1'),
    },
    { isStarted: false },
  );
  const { sandbox, appId } = setting.world;
  const installationIds = new Map<string, number>();
  for (const fullName of new Set(EXAMPLES.flatMap(repositoriesOf))) {
    const [owner = '', name = ''] = fullName.split('/');
    if (!installationIds.has(owner)) {
      sandbox.addUser(owner);
      installationIds.set(owner, sandbox.install(appId, owner).id);
    }
    const files = { 'README.md': `# ${name}\n` };
    await sandbox.addRepository({ owner, name, defaultBranch: 'master', files });
  }
  await setting.world.startApp();
  await setting.settle();
  return { installationIds };
}

/** Sends an example as GitHub would; the installation in it is the one that is there. */
async function deliver(example: Example, installationIds: Map<string, number>): Promise<number> {
  const { webhookUrl = '', webhookSecret = '' } =
    setting.world.sandbox.state.apps.get(setting.world.appId) ?? {};
  const id = installationIds.get(repositoriesOf(example)[0]?.split('/')[0] ?? '');
  const body = JSON.stringify({
    ...example.payload,
    ...(example.payload.installation && id !== undefined
      ? { installation: { ...example.payload.installation, id } }
      : {}),
  });
  const signature = createHmac('sha256', webhookSecret).update(body).digest('hex');
  const response = await fetch(webhookUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': example.event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

/** Answers to the examples, and the calls that the app made because of them. */
let refused: string[];
let made: Call[];

beforeAll(async () => {
  const { installationIds } = await start();
  const { calls } = setting.world.sandbox;
  const before = calls.length;
  refused = [];
  for (const example of EXAMPLES) {
    const status = await deliver(example, installationIds);
    if (status < 200 || status > 299) refused.push(`${example.event}.${example.payload.action}: ${status}`);
  }
  await setting.settle();
  made = calls.slice(before);
});

afterAll(async () => setting.world.stop());

test('every example of a webhook is taken', () => {
  expect(EXAMPLES.length).toBeGreaterThan(300);
  expect(refused).toEqual([]);
});

test('no example makes the app change anything, and it looks only where an example gives reason to', () => {
  const isToken = (path: string) => /^\/app\/installations\/\d+\/access_tokens$/.test(path);
  expect(made.filter(({ method, path }) => method !== 'GET' && !isToken(path))).toEqual([]);
  const lookedAt = new Set(made.flatMap(({ path }) => /^\/repos\/([^/]+\/[^/]+)/.exec(path)?.[1] ?? []));
  expect([...lookedAt].sort()).toEqual([
    'Codertocat/Hello-World',
    'Codertocat/Space',
    'github/hello-world',
    // A merge queue that asks for checks.
    'octo-org/octo-repo',
  ]);
});

test('after all examples the app does its work as before', async () => {
  await setting.write(overlayPath('dev'), overlay('v2'));
  expect(await setting.open('prod')).toMatchObject({ application: 'checkout' });
});
